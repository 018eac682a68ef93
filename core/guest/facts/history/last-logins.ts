import type { Tree } from "../../../filesystem/tree.ts";
import type { User } from "../../accounts.ts";
import { readLastlog2 } from "./databases.ts";
import { LAYOUTS, type Layout, secondsOf } from "./layout.ts";
import { instant, type LastLogin } from "./sessions.ts";

const LASTLOG = "/var/log/lastlog";
const LASTLOG2 = "/var/lib/lastlog/lastlog2.db";

/** Of lastlog2, and of lastlog for the users that there are, where that was kept: in their order. */
export async function readLastLogins(
  tree: Tree,
  users: readonly User[],
  layout: Layout | null,
): Promise<readonly LastLogin[]> {
  return [...((await readLastlog2(tree, LASTLOG2)) ?? []), ...(await readLastlog(tree, users, layout))];
}

/**
 * A place for each user's number in a file that is mostly holes: none but those of users are read. `layout` is that of
 * records of the same system, where there are such.
 */
export async function readLastlog(
  tree: Tree,
  users: readonly User[],
  layout: Layout | null,
): Promise<readonly LastLogin[]> {
  const source = await tree.open(LASTLOG);
  if (!source || source.size === 0) return [];
  const ofSize = LAYOUTS.find(({ lastLogin }) => source.size % lastLogin.size === 0);
  const { lastLogin } = layout ?? ofSize ?? (LAYOUTS[0] as Layout);
  const found: LastLogin[] = [];
  for (const { name, uid } of users) {
    const offset = uid * lastLogin.size;
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + lastLogin.size > source.size) continue;
    tree.budget.spend("bytes", lastLogin.size, LASTLOG);
    const place = lastLogin.decode(await source.read(offset, lastLogin.size));
    const { line, host } = place;
    const at = instant(secondsOf(place) * 1000);
    if (at !== null) found.push({ user: name, at, line: line || null, host: host || null, file: LASTLOG });
  }
  return found;
}
