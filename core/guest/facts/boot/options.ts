import { SECRET } from "../../../kit/secrets.ts";

/** Parameters that are secrets: `rd.iscsi.password=`. */
const NAME = /passwd|password|passphrase|secret|token/i;
/** `systemd.set_credential=NAME:VALUE` (systemd(1), kernel command line). */
const CREDENTIAL = /^systemd\.set_credential(?:_binary)?$/;
/** Longer names are of no parameter. */
const LONGEST_NAME = 64;

/** A kernel's command line without the secrets in it. */
export function withoutLogins(options: string): string {
  return options.split(" ").map(withoutLogin).join(" ");
}

function withoutLogin(word: string): string {
  const equals = word.indexOf("=");
  if (equals <= 0 || equals > LONGEST_NAME) return word;
  const [name, value] = [word.slice(0, equals), word.slice(equals + 1)];
  if (NAME.test(name)) return `${name}=${SECRET}`;
  if (CREDENTIAL.test(name)) return `${name}=${value.split(":", 1)[0]}:${SECRET}`;
  return `${name}=${withoutPassword(value)}`;
}

/** `iscsi:user:password@host`, `live:https://user:password@host/`: from the user's colon to the host's sign. */
function withoutPassword(value: string): string {
  const at = value.indexOf("@");
  if (at < 0) return value;
  const slashes = value.lastIndexOf("//", at);
  const start = slashes >= 0 ? slashes + 2 : (/^iscsi:/.exec(value)?.[0].length ?? 0);
  const colon = value.indexOf(":", start);
  if (colon < 0 || colon > at || value.slice(start, at).includes("/")) return value;
  return `${value.slice(0, colon + 1)}${SECRET}${value.slice(at)}`;
}
