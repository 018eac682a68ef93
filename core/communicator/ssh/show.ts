import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { shellJoin } from "../../kit/shell.ts";
import { clientArguments, clientOptions } from "./options.ts";
import type { SshTarget } from "./target.ts";

/**
 * A section of ssh_config(5): `ssh -F FILE NAME` and everything built on OpenSSH then reaches the machine. Throws
 * `E_SSH_CONFIG` for what would be a line of its own there.
 */
export function sshConfig(target: SshTarget, pinned = true): string {
  const place = [
    // `%` begins a token there, as in an address of a link: fe80::1%eth0.
    ["HostName", target.host.replaceAll("%", "%%")],
    ["Port", String(target.port)],
    ["User", target.user],
  ] as const;
  const lines = [...place, ...clientOptions(target, { interactive: true, pinned })];
  const odd = [["Host", target.name] as const, ...lines].find(([, value]) => /\p{Cc}/u.test(value));
  if (odd) throw noLine(...odd);
  return `Host ${target.name}\n${lines.map(([key, value]) => `  ${key} ${value}\n`).join("")}`;
}

function noLine(key: string, value: string): GuestkitError {
  return new GuestkitError(
    "E_SSH_CONFIG",
    `Cannot write ${key} for ssh: "${printable(value)}" has a control character`,
    {
      help: "ssh_config knows no way to write it: give it another name.",
    },
  );
}

/**
 * One line for a shell that logs in. It is the same before and after the first login: a host key that is not known yet is
 * taken, one that has changed is refused.
 */
export function sshCommand(target: SshTarget, pinned = false): string {
  // Without the `--`: people put options of their own behind it.
  const place = destination(target).filter((word) => word !== "--");
  return shellJoin(["ssh", ...clientArguments(target, { interactive: true, pinned }), ...place]);
}

/** Port, user and host as ssh takes them; what follows is the command, whatever it begins with. */
export function destination({ host, port, user }: SshTarget): string[] {
  return ["-p", String(port), "-l", user, "--", host];
}
