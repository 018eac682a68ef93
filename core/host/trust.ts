import type { Stats } from "node:fs";

/**
 * Why a file is not to be believed about a thing that `owner` has, or null: only the thing's owner, root and this user may
 * have written it. A group of this user's own (a user private group) counts as this user.
 */
export function distrust({ uid, gid, mode }: Pick<Stats, "uid" | "gid" | "mode">, owner?: number): string | null {
  const own = process.getuid?.();
  if (own === undefined) return null;
  if (uid !== own && uid !== 0 && uid !== owner) return `user ${uid} owns it`;
  const byGroup = (mode & 0o020) !== 0 && gid !== 0 && gid !== process.getgid?.();
  if ((mode & 0o002) !== 0 || byGroup) return `others may write to it (mode ${(mode & 0o7777).toString(8)})`;
  return null;
}
