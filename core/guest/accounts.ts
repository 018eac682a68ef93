import type { Tree } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";

/** A line of passwd(5), without its password. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Full name and more; null where the field is empty. */
  readonly gecos: string | null;
  readonly home: string;
  readonly shell: string;
  /** Names of all groups, the first one's included, sorted. */
  readonly groups: readonly string[];
}

/** A line of group(5), without its password. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/**
 * Users in the files' order, those of an image-based system's /usr/lib/passwd (nss-altfiles) behind those of /etc/passwd, which
 * stand above them; empty where there is neither. NIS lines (`+`, `-`) and broken ones are left out.
 */
export async function readUsers(tree: Tree): Promise<readonly User[]> {
  const groupsOf = membership(await readGroups(tree));
  return (await entries(tree, "passwd", 7)).map(([name = "", , uid, gid, gecos, home = "", shell = ""]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    gecos: gecos || null,
    home,
    shell,
    groups: groupsOf(name, Number(gid)),
  }));
}

/** More than any machine has; a product of two long files made to exhaust their reader. */
const MAX_MEMBERSHIPS = 1_000_000;

/** Names of a user's groups, by maps: both files may be long. Throws `E_ACCOUNTS_SIZE`. */
function membership(groups: readonly Group[]): (user: string, gid: number) => readonly string[] {
  const byGid = new Map(groups.toReversed().map((group) => [group.gid, group]));
  const byMember = new Map<string, Group[]>();
  for (const group of groups) {
    for (const member of group.members) {
      const known = byMember.get(member);
      if (known) known.push(group);
      else byMember.set(member, [group]);
    }
  }
  let total = 0;
  return (user, gid) => {
    const first = byGid.get(gid);
    const own = new Set([...(first ? [first] : []), ...(byMember.get(user) ?? [])]);
    total += own.size;
    if (total > MAX_MEMBERSHIPS) throw tooMany();
    return [...own].map(({ name }) => name).sort();
  };
}

function tooMany(): GuestkitError {
  return new GuestkitError("E_ACCOUNTS_SIZE", `Cannot list users: more than ${MAX_MEMBERSHIPS} group memberships`, {
    at: { file: "/etc/group" },
  });
}

/** Groups in the files' order, of /etc/group and /usr/lib/group. */
export async function readGroups(tree: Tree): Promise<readonly Group[]> {
  return (await entries(tree, "group", 4)).map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(",").filter((member) => member !== ""),
  }));
}

/** Lines of a database of the system, each name once. */
async function entries(tree: Tree, file: string, fields: number): Promise<readonly string[][]> {
  const own = await lines(tree, `/etc/${file}`, fields);
  const names = new Set(own.map(([name]) => name));
  const others = await lines(tree, `/usr/lib/${file}`, fields);
  return [...own, ...others.filter(([name]) => !names.has(name))];
}

async function lines(tree: Tree, path: string, fields: number): Promise<readonly string[][]> {
  const text = (await tree.readText(path)) ?? "";
  const split = text.split("\n").map((line) => line.split(":"));
  return split.filter((parts) => parts.length >= fields && /^[^+\-#]/.test(parts[0] ?? "") && isId(parts[2]));
}

function isId(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff;
}
