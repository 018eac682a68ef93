import type { Tree } from "../filesystem/tree.ts";

/** A line of passwd(5), without its password. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Full name and more; null where the field is empty. */
  readonly gecos: string | null;
  readonly home: string;
  readonly shell: string;
  /** Names of all groups, the first one's included. */
  readonly groups: readonly string[];
}

/** A line of group(5), without its password. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** Users in the file's order; empty where there is no /etc/passwd. NIS lines (`+`, `-`) and broken ones are left out. */
export async function readUsers(tree: Tree): Promise<readonly User[]> {
  const groups = await readGroups(tree);
  return (await lines(tree, "/etc/passwd", 7)).map(([name = "", , uid, gid, gecos, home = "", shell = ""]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    gecos: gecos || null,
    home,
    shell,
    groups: groups.filter((each) => each.gid === Number(gid) || each.members.includes(name)).map((each) => each.name),
  }));
}

/** Groups in the file's order. */
export async function readGroups(tree: Tree): Promise<readonly Group[]> {
  return (await lines(tree, "/etc/group", 4)).map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(",").filter((member) => member !== ""),
  }));
}

async function lines(tree: Tree, path: string, fields: number): Promise<readonly string[][]> {
  const text = (await tree.readText(path)) ?? "";
  const split = text.split("\n").map((line) => line.split(":"));
  return split.filter((parts) => parts.length >= fields && /^[^+\-#]/.test(parts[0] ?? "") && isId(parts[2]));
}

function isId(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff;
}
