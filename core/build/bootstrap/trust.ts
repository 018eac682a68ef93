import { basename } from "node:path";
import { quote, script } from "./script.ts";
import type { Sources } from "./sources.ts";

/**
 * Script: keyrings of the host that the image lacks go into it, and its apt sources name them there, so that apt works
 * in the guest as it did for us.
 */
export function finishSources(sources: Sources, keyring: string | null): string {
  const all = new Set(keyring === null ? sources.keyrings : [...sources.keyrings, keyring]);
  return script(...[...all].map(bringKeyring));
}

function bringKeyring(path: string): string {
  const place = `/etc/apt/keyrings/${basename(path)}`;
  const edit = `s|${escaped(path)}|${escaped(place)}|g`;
  return `if ! [ -e "$1"${quote(path)} ]; then
install -D -m 0644 ${quote(path)} "$1"${quote(place)}
for list in "$1/etc/apt/sources.list" "$1"/etc/apt/sources.list.d/*; do
[ ! -f "$list" ] || sed -i ${quote(edit)} "$list"
done
fi`;
}

/** For both sides of sed's s command with `|` between them. */
function escaped(text: string): string {
  return text.replace(/[\\|&.*[\]^$]/g, "\\$&");
}
