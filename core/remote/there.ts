import { shellJoin } from "../kit/shell.ts";
import { ENGINES } from "./bring.ts";
import type { Host } from "./host.ts";
import { destinationWords, lineOf, sshWords } from "./ssh.ts";

/** How a command there is joined to this side. */
export interface ThereOptions {
  /** It gets a terminal, and ssh may ask whoever sits at this one. */
  readonly terminal?: boolean;
}

/**
 * The words after `ssh` that run guestkit on a host: the engine that was brought there last, else what is installed there.
 * Its words reach it as they are, and relative paths start in the home folder there.
 */
export function thereWords(host: Host, words: readonly string[], { terminal = false }: ThereOptions = {}): string[] {
  const before = terminal ? ["-t", ...ALIVE, ...destinationWords(host)] : sshWords(host);
  return [...before, thereLine(words)];
}

const ALIVE = ["-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3"];

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
  `E="${ENGINES}/current/guestkit"`,
  'PATH="$PATH:$HOME/.local/bin:/usr/local/bin"',
  'test -x "$E" || E=$(command -v guestkit) || { echo "Cannot run guestkit on $(uname -n): it is not there" >&2; exit 127; }',
];

/**
 * The value of ssh's ProxyCommand (ssh_config(5)) that leads to a machine of a host: ssh expands `%` in it, and hands it to
 * the user's own shell. No port is forwarded.
 */
export function proxyCommand(host: Host, machine: string): string {
  return shellJoin(["ssh", ...thereWords(host, ["vm", "connect", machine])]).replaceAll("%", "%%");
}
