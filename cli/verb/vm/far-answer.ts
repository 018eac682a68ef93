/** How a machine is logged in to on its own host. */
export interface FarAnswer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Paths there. */
  readonly key_file: string;
  readonly known_hosts: string;
}

/**
 * What `vm ssh-config --json` of another host says, or null: it becomes lines of this side's ssh_config(5) and words of ssh,
 * so it may hold nothing that these would take for more than a name.
 */
export function farAnswer(text: string): FarAnswer | null {
  const found = parsed(text);
  if (typeof found !== "object" || found === null) return null;
  const { host, port, user, key_file, known_hosts } = found as Readonly<Record<string, unknown>>;
  if (!isWord(host) || !isWord(user) || !isPort(port) || !isPath(key_file) || !isPath(known_hosts)) return null;
  return { host, port, user, key_file, known_hosts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** An address, or a user's name, of a domain's as well (CORP\me). */
const isWord = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 255 && /^[\p{L}\p{N}_.:%@+\\][\p{L}\p{N}_.:%@+\\-]*$/u.test(value);

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const isPath = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 4096 && value.startsWith("/") && !/\p{Cc}/u.test(value);
