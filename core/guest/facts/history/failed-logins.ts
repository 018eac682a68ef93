import type { User } from "../../accounts.ts";
import { instant } from "./sessions.ts";
import type { Utmp } from "./utmp.ts";

/** A login that was refused. */
export interface FailedLogin {
  /** Null for a name that no user of the system has: it may be a password that was typed too soon. */
  readonly user: string | null;
  readonly line: string;
  readonly host: string | null;
  /** RFC 3339, UTC. */
  readonly at: string | null;
}

/** The last ones, newest first. */
export async function readFailedLogins(
  btmp: Utmp,
  users: readonly User[],
  most: number,
): Promise<readonly FailedLogin[]> {
  const names = new Set(users.map(({ name }) => name));
  const found: FailedLogin[] = [];
  for await (const { user, line, host, at } of btmp.newestFirst()) {
    found.push({ user: names.has(user) ? user : null, line, host: host || null, at: instant(at) });
    if (found.length >= most) break;
  }
  return found;
}
