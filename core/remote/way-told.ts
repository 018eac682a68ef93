import { parseKeys } from "../communicator/ssh/index.ts";
import { isObject, type Value } from "../model/value.ts";
import { MOST_KEY } from "../rpc/way-in.ts";

/** How a host says that one of its things is logged in to. */
export interface WayTold {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Null where there is none, or where the host keeps it to itself. */
  readonly key: Uint8Array | null;
  /** Whether guestkit made the key for this thing alone. */
  readonly ownKey: boolean;
  readonly hostKeys: readonly string[];
}

/**
 * Null for what is none. It becomes lines of ssh_config(5) and words of ssh: it may hold nothing that these would take for
 * more than a name.
 */
export function wayTold(told: Value): WayTold | null {
  if (!isObject(told)) return null;
  const { host, port, user, key = null, own_key, known_hosts } = told;
  if (!isWord(host) || !isWord(user) || !isPort(port) || !isKey(key)) return null;
  // The client of OpenSSH 10 expands tokens in a user's name, too, and earlier ones know no way to write a `%` there.
  if (user.includes("%")) return null;
  const known = typeof known_hosts === "string" ? Buffer.from(known_hosts, "base64").toString("latin1") : "";
  const hostKeys = parseKeys(known.replace(/^\S+ /gm, ""));
  return {
    host,
    port,
    user,
    key: key === null ? null : Buffer.from(key, "base64"),
    ownKey: own_key === true,
    hostKeys,
  };
}

/** What a thing may be called in ssh_config(5) and on ssh's command line. */
export const isName = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(id);

/** An address, or a user's name, of a domain's as well (CORP\me). */
const isWord = (value: Value | undefined): value is string =>
  typeof value === "string" && value.length <= 255 && /^[\p{L}\p{N}_.:%@+\\][\p{L}\p{N}_.:%@+\\-]*$/u.test(value);

const isPort = (value: Value | undefined): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const isKey = (value: Value): value is string | null =>
  value === null || (typeof value === "string" && value.length <= 2 * MOST_KEY);
