import { type Talk, talk } from "../host/program/talk.ts";
import type { Host } from "./host.ts";
import { sharedConnection } from "./sharing.ts";

/**
 * What is asked of ssh whatever its configuration says (ssh_config(5)); all else is as that says: keys, agent, jumps,
 * shared connections, known hosts. No line is forwarded, and one that is dead is seen within half a minute.
 */
const OPTIONS = [
  ...["ConnectTimeout=30", "ServerAliveInterval=10", "ServerAliveCountMax=3"],
  ...["ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "Tunnel=no"],
  ...["RemoteCommand=none", "PermitLocalCommand=no"],
];

/** Nobody is there to be asked. */
const UNASKED = ["BatchMode=yes", "RequestTTY=no"];

/** The words of ssh's command line up to what is to be run there, with a terminal or without. */
export function sshWords(host: Host, { terminal = false } = {}): string[] {
  const options = terminal ? OPTIONS : [...OPTIONS, ...UNASKED];
  return [terminal ? "-t" : "-T", ...options.flatMap((each) => ["-o", each]), ...destinationWords(host)];
}

/** The host alone; what follows is the command, whatever it begins with. */
function destinationWords({ destination, user, port }: Host): string[] {
  return [...(user === null ? [] : ["-l", user]), ...(port === null ? [] : ["-p", String(port)]), "--", destination];
}

/**
 * Runs a script of `lineOf` on a host. It is the user's own ssh, in his own environment, which his ProxyCommand may need. What
 * ssh starts for a jump does not hear of BatchMode, and would open a window to ask. Throws `E_TOOL_MISSING`.
 */
export async function runThere(host: Host, line: string, signal?: AbortSignal): Promise<Talk> {
  const words = sshWords(host);
  const shared = await sharedConnection(words, signal);
  return talk("ssh", [...shared, ...words, line], { SSH_ASKPASS_REQUIRE: "never" });
}

/**
 * A script as one line that every login shell hands to sh as it is. Within single quotes csh knows `!` and ends at a line's
 * end, and fish knows `\`: a script has none of these.
 */
export function lineOf(statements: readonly string[]): string {
  const script = statements.join("; ");
  if (/['!\\\n]/.test(script)) throw new Error(`no shell takes this as it is: ${script}`);
  return `exec sh -c '${script}'`;
}
