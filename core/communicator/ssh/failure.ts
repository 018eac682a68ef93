import { GuestkitError } from "../../kit/errors.ts";
import { placeText, type SshTarget } from "./target.ts";

interface Failure {
  readonly pattern: RegExp;
  readonly code: string;
  readonly why: (target: SshTarget) => string;
  readonly help: (target: SshTarget) => string;
}

/** What OpenSSH's client says, and what is meant by it; the first that fits. */
const FAILURES: readonly Failure[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/,
    code: "E_SSH_HOST_KEY",
    why: () => "its SSH host key is not the one that was seen at its first start",
    help: ({ knownHostsFile }) =>
      `If the guest was given new keys on purpose, forget the old ones and log in again: rm "${knownHostsFile}"`,
  },
  {
    pattern: /Permission denied|Too many authentication failures|no mutual signature/,
    code: "E_SSH_DENIED",
    why: ({ user, keyFile }) =>
      `the guest does not let "${user}" in with ${keyFile === null ? "your own keys" : `the key "${keyFile}"`}`,
    help: ({ name }) =>
      `Name the right user or key (ssh.user, ssh.private_key), or look inside: guestkit vm console ${name}`,
  },
  {
    pattern: /bad permissions|invalid format|error in libcrypto|No such file or directory: .*identity/i,
    code: "E_SSH_DENIED",
    why: ({ keyFile }) => `the key "${keyFile}" cannot be used`,
    help: ({ keyFile }) => `See what is wrong with it: ssh-keygen -y -f "${keyFile}"`,
  },
  {
    pattern:
      /Connection (refused|timed out|reset|closed)|kex_exchange_identification|banner|No route to host|Network is unreachable|Operation timed out/,
    code: "E_SSH_UNREACHABLE",
    why: (target) => `no SSH server answers behind ${placeText(target)}`,
    help: ({ name }) => `See whether it came up: guestkit vm console ${name}`,
  },
];

/** The error of a client that did not come as far as running the command. */
export function loginFailure(target: SshTarget, said: string): GuestkitError {
  const found = FAILURES.find(({ pattern }) => pattern.test(said));
  const last = said.trim().split("\n").at(-1)?.trim() || "the client gave no reason";
  const why = found ? `${found.why(target)} (${last})` : last;
  return new GuestkitError(found?.code ?? "E_SSH", `Cannot log in to "${target.name}": ${why}`, {
    help: (found?.help ?? FAILURES[3]?.help)?.(target),
    cause: new Error(said.trim()),
  });
}

/** The error of a connection that ended before the command did. */
export function connectionLost(target: SshTarget, said: string): GuestkitError {
  const last = said.trim().split("\n").at(-1)?.trim();
  return new GuestkitError(
    "E_SSH_LOST",
    `Cannot finish in "${target.name}": the SSH connection broke off${last ? ` (${last})` : ""}`,
    { help: `See whether it still runs: guestkit vm status ${target.name}` },
  );
}
