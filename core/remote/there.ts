import { GuestkitError, reportError } from "../kit/errors.ts";
import { shellJoin } from "../kit/shell.ts";
import { VERSION } from "../kit/version.ts";
import { ENGINES } from "./bring.ts";
import type { Host } from "./host.ts";
import { lineOf, sshWords } from "./ssh.ts";

/** How a command there is joined to this side. */
export interface ThereOptions {
  /** It gets a terminal, and ssh may ask whoever sits at this one. */
  readonly terminal?: boolean;
  /** Its errors are documents: so is the one of a host without an engine. */
  readonly json?: boolean;
}

/**
 * The words after `ssh` that run guestkit on a host: the engine of this release that was brought there, else the one that
 * was brought last, else what is installed there.
 * Its words reach it as they are, and relative paths start in the home folder there.
 */
export function thereWords(host: Host, words: readonly string[], options: ThereOptions = {}): string[] {
  const { terminal = false, json = false } = options;
  const run = `exec "$E" ${shellJoin(words)}`;
  return [...sshWords(host, { terminal }), coded([...find(absent(host, json)), run])];
}

/** What no login shell takes as it is, goes in base64. */
function coded(statements: readonly string[]): string {
  const script = statements.join("; ");
  if (!/['!\\\n]/.test(script)) return lineOf(statements);
  // Assigned first: of a command within eval's words nobody would see that it failed.
  return lineOf([`S=$(echo ${Buffer.from(script).toString("base64")} | base64 -d) && eval "$S"`]);
}

const find = (told: readonly string[]): string[] => [
  "cd",
  "unset GUESTKIT_HOST",
  ...ENGINES,
  'E="$B/current"',
  `case $(cd "$E" 2> /dev/null && pwd -P) in */${VERSION}-*) ;; *) for D in "$B/${VERSION}-$(uname -m)-"*; do if isWhole "$D"; then E=$D; fi; done; esac`,
  'PATH="$PATH:$HOME/.local/bin:/usr/local/bin"',
  'if isWhole "$E" && isSafe "$E"; then touch -c "$E" 2> /dev/null; E="$E/guestkit"; else E=; fi',
  `test -n "$E" || E=$(command -v guestkit) || { ${told.map((line) => `echo ${line} >&2; `).join("")}exit 127; }`,
];

/** What a host without an engine says, as words of sh: in double quotes, which no name of a host has, where it may be. */
function absent({ destination }: Host, json: boolean): string[] {
  const message = `Cannot run guestkit on ${destination}: no engine was brought there, and none is installed`;
  const help = "Install it there, or plan something on that host from here (hosts of guestkit.yaml): that brings it.";
  const error = new GuestkitError("E_HOST_ENGINE", message, { help });
  return json ? [shellJoin([JSON.stringify({ error: reportError(error) })])] : [`"${message}"`, `"  ${help}"`];
}

/**
 * The value of ssh's ProxyCommand (ssh_config(5)) that leads to a machine of a host: ssh expands `%` in it, and hands it to
 * the user's own shell. No port is forwarded.
 */
export function proxyCommand(host: Host, machine: string): string {
  return shellJoin(["ssh", ...thereWords(host, ["vm", "connect", machine])]).replaceAll("%", "%%");
}
