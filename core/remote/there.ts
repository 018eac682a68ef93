import { shellJoin } from "../kit/shell.ts";
import { FIND } from "./find.ts";
import type { Host } from "./host.ts";
import { lineOf, sshWords } from "./ssh.ts";

/** As a shell ends where there is no such command. */
const NO_COMMAND = 127;
/** Of a host without an engine, for who goes on by it: no exit code of guestkit's, nor one that guests' commands are known for. */
export const ABSENT = 119;

/** How a command there is joined to this side. */
export interface ThereOptions {
  /** It gets a terminal, and ssh may ask whoever sits at this one. */
  readonly terminal?: boolean;
  /** A host without an engine says nothing of it, and ends by `ABSENT` alone. */
  readonly quiet?: boolean;
}

/**
 * The words after `ssh` that run guestkit on a host: what `FIND` finds there.
 * Its words reach it as they are, and relative paths start in the home folder there.
 */
export function thereWords(host: Host, words: readonly string[], options: ThereOptions = {}): string[] {
  const { terminal = false, quiet = false } = options;
  const none = `test -n "$E" || { ${quiet ? "" : told(host)}exit ${quiet ? ABSENT : NO_COMMAND}; }`;
  return [...sshWords(host, { terminal }), coded([...FIND, none, `exec "$E" ${shellJoin(words)}`])];
}

/** What no login shell takes as it is, goes in base64. */
function coded(statements: readonly string[]): string {
  const script = statements.join("; ");
  if (!/['!\\\n]/.test(script)) return lineOf(statements);
  // Assigned first: of a command within eval's words nobody would see that it failed.
  return lineOf([`S=$(echo ${Buffer.from(script).toString("base64")} | base64 -d) && eval "$S"`]);
}

/** What a host without an engine says: in double quotes, which no name of a host needs or has. */
function told({ name, destination }: Host): string {
  const message = `Cannot run guestkit on ${destination}: no engine was brought there, and none is installed`;
  const help = `Bring it from the other side: guestkit vm list --host ${name}`;
  return [message, `  ${help}`].map((line) => `echo "${line}" >&2; `).join("");
}

/**
 * The value of ssh's ProxyCommand (ssh_config(5)) that leads to a machine of a host: ssh expands `%` in it, and hands it to
 * the user's own shell. No port is forwarded.
 */
export function proxyCommand(host: Host, machine: string): string {
  return shellJoin(["ssh", ...thereWords(host, ["vm", "connect", machine])]).replaceAll("%", "%%");
}
