#!/usr/bin/env node
/** `guestkit-provider-install [MIRROR]`: lays the bundle into a provider mirror for both engines. Runs from `dist`. */
import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where each engine looks for `source = "guestkit/guestkit"`. */
const ADDRESSES = ["registry.terraform.io", "registry.opentofu.org"];
const BUNDLE = join(import.meta.dirname, "terraform-provider-guestkit.mjs");
/** What is brought to other hosts: the command's bundle of the same installation. */
const ENGINE =
  [
    join(import.meta.dirname, "../../cli/dist/guestkit.mjs"),
    join(import.meta.dirname, "../../../@guestkit/cli/dist/guestkit.mjs"),
  ].find(existsSync) ?? "";
/** Where engines look without being told (the implied local mirror). */
const IMPLIED_MIRROR = join(homedir(), ".terraform.d/plugins");

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) throw new Error(`guestkit needs Node 24 or newer: ${process.execPath} is ${process.version}`);
const [mirror = IMPLIED_MIRROR] = process.argv.slice(2);
const { version } = JSON.parse(await readFile(join(import.meta.dirname, "../package.json"), "utf8")) as {
  version: string;
};
const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
for (const address of ADDRESSES)
  console.log(await install(join(mirror, address, "guestkit/guestkit", version, platform)));

/** Lays the package out beside its place and swaps it in, so that an engine never sees half of it. */
async function install(folder: string): Promise<string> {
  const partial = `${folder}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await copyFile(BUNDLE, join(partial, "provider.mjs"));
  await cp(join(import.meta.dirname, "chunks"), join(partial, "chunks"), { recursive: true });
  const program = join(partial, `terraform-provider-guestkit_v${version}`);
  await writeFile(program, launcher());
  await chmod(program, 0o755);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return folder;
}

/**
 * The `node` on a user's PATH may be an old one: the launcher names the one that installed it. Compiled code is kept in
 * the user's cache, which saves a third of the start: in a folder that nobody else may write to, since Node runs it. What
 * is made anew at each call is collected in small pieces (MiB): an engine has a provider run as long as it does.
 */
function launcher(): string {
  return `#!/bin/sh
node='${process.execPath.replaceAll("'", "'\\''")}'
if [ ! -x "$node" ]; then
  echo "guestkit: $node is gone; install the provider again (npm run provider:install)" >&2
  exit 1
fi
NODE_COMPILE_CACHE="\${GUESTKIT_CACHE_DIR:-\${XDG_CACHE_HOME:-$HOME/.cache}/guestkit}/compile"
export NODE_COMPILE_CACHE
[ -d "$NODE_COMPILE_CACHE" ] || (umask 077 && mkdir -p "$NODE_COMPILE_CACHE") 2>/dev/null
engine='${ENGINE.replaceAll("'", "'\\''")}'
[ -n "$GUESTKIT_ENGINE" ] || [ ! -e "$engine" ] || export GUESTKIT_ENGINE="$engine"
exec "$node" --max-semi-space-size=4 "\${0%/*}/provider.mjs"
`;
}
