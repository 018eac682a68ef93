import { GuestkitError } from "./errors.ts";
import { excerpt, printable } from "./name.ts";

/** A machine that is reached by ssh. */
export interface Host {
  /** As the user wrote it. */
  readonly name: string;
  /** What ssh is asked for: a name of its configuration, or an address. */
  readonly destination: string;
  readonly user: string | null;
  readonly port: number | null;
}

const URL = /^ssh:\/\/(?:([^@/:\s]+)@)?(\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]|[^@/:[\]\s]+)(?::(\d{1,5}))?\/?$/;
const LONGEST = 1024;

/** `ssh://[user@]host[:port]`, or what ssh_config(5) calls it, with a user before it or not. Throws `E_HOST_NAME`. */
export function hostNamed(name: string): Host {
  if (name === "" || name.length > LONGEST || /[\s\p{Cc}]/u.test(name)) throw wrong(name, "that is no name of a host");
  if (!name.startsWith("ssh://")) {
    if (name.includes("://")) throw wrong(name, "hosts are reached by ssh alone");
    const at = name.lastIndexOf("@");
    const user = at < 0 ? null : name.slice(0, at);
    return demandPlain({ name, destination: name.slice(at + 1), user, port: null });
  }
  const found = URL.exec(name);
  if (!found) throw wrong(name, "it is not of the form ssh://[USER@]HOST[:PORT]");
  const [, user = null, destination = "", digits] = found;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) throw wrong(name, "its port is none");
  return demandPlain({ name, user, destination: destination.replace(/^\[|\]$/g, ""), port });
}

/** What ssh would take for an option, or hand to a shell. */
function demandPlain(host: Host): Host {
  const odd = (word: string) => word === "" || word.startsWith("-") || /['"`$\\;&|<>(){}!*?]/.test(word);
  if (odd(host.destination) || (host.user !== null && odd(host.user)))
    throw wrong(host.name, "that is no name of a host");
  // An address of a link has one: fe80::1%eth0.
  if (host.user?.includes("%")) throw wrong(host.name, "ssh takes % in a user's name for a token of its own");
  return host;
}

function wrong(name: string, why: string): GuestkitError {
  return new GuestkitError("E_HOST_NAME", `Cannot use the host "${printable(excerpt(name))}": ${why}`, {
    help: "Write ssh://USER@HOST:PORT, or a name of your ~/.ssh/config.",
  });
}
