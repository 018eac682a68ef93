import { type Binary, type Lost, type WalkEntry, walk } from "../archive/index.ts";
import type { Tree, TreeNode } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { reasonOf } from "./unread.ts";

/** A tree, and the file or folder in it that is compared. */
export interface Place {
  readonly tree: Tree;
  readonly start: TreeNode;
  /** Before its paths: the device of one of several file systems, and a colon. */
  readonly prefix: string;
  /** Its own path, raw, with a slash at both ends. */
  readonly folder: Binary;
}

/** What is told of a path below the start; the start's own is empty. */
export function nameAt({ prefix, folder }: Place, path: Binary): Binary {
  return prefix + (path === "" ? folder.replace(/(.)\/$/, "$1") : folder + path);
}

/** A file, or why there is none to compare at a path. */
export type Item = WalkEntry | Unreadable;

export interface Unreadable {
  readonly path: Binary;
  /** Of a folder its names, of a file all but its name. */
  readonly what: Lost["what"];
  readonly reason: string;
}

export const isUnreadable = (item: Item | null): item is Unreadable => item !== null && "reason" in item;

/** Names of directories that are kept at once of one tree, and bytes of a path in it: some hundred MiB, and tens. */
const BOUNDS = { names: 2_000_000, path: 16 << 10 };

/** The start and all that is in it, in the order of `comparePaths`; what cannot be read stands at its place among them. */
export async function* itemsOf({ tree, start }: Place): AsyncGenerator<Item> {
  const lost: Unreadable[] = [];
  const lose = ({ path, what, error }: Lost) => void lost.push({ path, what, reason: reasonOf(error) });
  const stat = await statOf(start);
  if (typeof stat === "string") {
    yield { path: "", what: "file", reason: stat };
    return;
  }
  yield { node: start, stat, name: "", path: "", impossible: false };
  if (stat.type !== "directory") return;
  for await (const batch of walk(tree, start, { ...BOUNDS, lost: lose })) {
    if (lost.length > 0 || batch.some(({ impossible }) => impossible)) {
      const items = [...lost.splice(0), ...batch.map(asItem)];
      yield* items.sort((a, b) => comparePaths(a.path, b.path));
    } else yield* batch;
  }
  yield* lost;
}

async function statOf({ fs, inode }: TreeNode) {
  try {
    return await fs.stat(inode);
  } catch (error) {
    return reasonOf(error);
  }
}

/** Whoever follows such a name ends somewhere else, and what is told of it would be told of another file. */
function asItem(entry: WalkEntry): Item {
  if (!entry.impossible) return entry;
  const error = new GuestkitError("E_WALK_NAME", `Cannot read "/${printable(entry.path)}": no file can have this name`);
  return { path: entry.path, what: "file", reason: reasonOf(error) };
}

/** Items of two walks by their paths; null where one has none of it. */
export async function* joined(
  before: AsyncGenerator<Item>,
  after: AsyncGenerator<Item>,
): AsyncGenerator<readonly [Item | null, Item | null]> {
  let [was, is] = [await before.next(), await after.next()];
  while (!was.done || !is.done) {
    const order = was.done ? 1 : is.done ? -1 : comparePaths(was.value.path, is.value.path);
    yield [order <= 0 ? (was.value as Item) : null, order >= 0 ? (is.value as Item) : null];
    if (order <= 0) was = await before.next();
    if (order >= 0) is = await after.next();
  }
}

/** The order of a walk: name by name, what is in a folder right behind it. */
function comparePaths(a: Binary, b: Binary): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return rank(a, at) - rank(b, at);
}

/** An end comes before a slash, and that before anything else. */
function rank(path: Binary, at: number): number {
  if (at >= path.length) return -2;
  const code = path.charCodeAt(at);
  return code === 0x2f ? -1 : code;
}
