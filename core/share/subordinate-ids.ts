import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { whereIs } from "../host/program/process.ts";

interface Range {
  readonly first: number;
  readonly count: number;
}

/** The ids that this user may hand out beside its own (subuid(5)); null without them, or without newuidmap. */
export async function subordinateIds(): Promise<{ uids: Range; gids: Range } | null> {
  if (whereIs("newuidmap") === null) return null;
  const [uids, gids] = [await rangeOf("/etc/subuid"), await rangeOf("/etc/subgid")];
  return uids && gids ? { uids, gids } : null;
}

/** Lines of `user:first:count`, the user by name or number. */
async function rangeOf(file: string): Promise<Range | null> {
  const { username, uid } = userInfo();
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
  const [, first, count] = lines.find(([user]) => user === username || user === String(uid)) ?? [];
  return first === undefined || count === undefined ? null : { first: Number(first), count: Number(count) };
}
