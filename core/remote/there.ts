import { shellJoin } from "../kit/shell.ts";
import { VERSION } from "../kit/version.ts";
import { ENGINES } from "./bring.ts";
import type { Host } from "./host.ts";
import { lineOf, sshWords } from "./ssh.ts";

/** How a command there is joined to this side. */
export interface ThereOptions {
  /** It gets a terminal, and ssh may ask whoever sits at this one. */
  readonly terminal?: boolean;
}

/**
 * The words after `ssh` that run guestkit on a host: the engine of this release that was brought there, else the one that
 * was brought last, else what is installed there.
 * Its words reach it as they are, and relative paths start in the home folder there.
 */
export function thereWords(host: Host, words: readonly string[], { terminal = false }: ThereOptions = {}): string[] {
  return [...sshWords(host, { terminal }), thereLine(words)];
}

/** The same that print a file of the host. */
export function fileWords(host: Host, path: string): string[] {
  return [...sshWords(host), coded([`exec cat ${shellJoin([path])}`])];
}

const thereLine = (words: readonly string[]): string => coded([...FIND, `exec "$E" ${shellJoin(words)}`]);

/** What no login shell takes as it is, goes in base64. */
function coded(statements: readonly string[]): string {
  const script = statements.join("; ");
  if (!/['!\\\n]/.test(script)) return lineOf(statements);
  return lineOf([`eval "$(echo ${Buffer.from(script).toString("base64")} | base64 -d)"`]);
}

const FIND = [
  "cd",
  "unset GUESTKIT_HOST",
  ...ENGINES,
  'E="$B/current"',
  `case $(cd "$E" 2> /dev/null && pwd -P) in */${VERSION}-*) ;; *) for D in "$B/${VERSION}-$(uname -m)-"*; do if isWhole "$D"; then E=$D; fi; done; esac`,
  'PATH="$PATH:$HOME/.local/bin:/usr/local/bin"',
  'if isWhole "$E" && isSafe "$E"; then touch -c "$E" 2> /dev/null; E="$E/guestkit"; else E=$(command -v guestkit) || { echo "Cannot run guestkit on $(uname -n): it is not there" >&2; exit 127; }; fi',
];

/**
 * The value of ssh's ProxyCommand (ssh_config(5)) that leads to a machine of a host: ssh expands `%` in it, and hands it to
 * the user's own shell. No port is forwarded.
 */
export function proxyCommand(host: Host, machine: string): string {
  return shellJoin(["ssh", ...thereWords(host, ["vm", "connect", machine])]).replaceAll("%", "%%");
}
