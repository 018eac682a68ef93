import type { Binary, WalkEntry } from "../archive/index.ts";
import type { Change, Pair } from "./change.ts";
import { type Difference, differing, type FileOptions } from "./differing.ts";
import { type Item, isUnreadable, itemsOf, joined, nameAt, type Place, type Unreadable } from "./items.ts";
import { Renames } from "./renames.ts";
import { type Unread, unreadChange } from "./unread.ts";
import type { Work } from "./work.ts";

/**
 * What differs in two folders or files, told as it is met; files that went and came with the same content are told as
 * renamed, at the end. What cannot be read is told, and nothing is said of what lies below it. Memory does not grow with
 * the trees: see `Renames`.
 */
export async function* compareFiles(
  before: Place,
  after: Place,
  system: number | null,
  work: Work,
  options: FileOptions,
): AsyncGenerator<Change> {
  const tell = teller(before, after, system);
  const renames = new Renames();
  let hidden: Binary | null = null;
  for await (const [was, is] of joined(itemsOf(before), itemsOf(after))) {
    options.signal?.throwIfAborted();
    const { path } = (was ?? is) as Item;
    if (hidden !== null && path.startsWith(hidden)) continue;
    if (isUnreadable(was) || isUnreadable(is)) {
      hidden = path === "" ? "" : `${path}/`;
      yield* tell.unreadable(was, is);
    } else if (was && is) yield* tell.difference(path, await differing(was, is, work, options));
    else if (!renames.takes((was ?? is) as WalkEntry, was === null)) yield tell.alone(was, path);
  }
  yield* settled(renames, work, tell, options);
}

async function* settled(
  renames: Renames,
  work: Work,
  tell: ReturnType<typeof teller>,
  options: FileOptions,
): AsyncGenerator<Change> {
  for await (const { was, is } of renames.settle(work)) {
    options.signal?.throwIfAborted();
    if (!was || !is) yield tell.alone(was, ((was ?? is) as WalkEntry).path);
    else yield* tell.renamed(was.path, is.path, await differing(was, is, work, { ...options, knownSame: true }));
  }
}

/** Spells changes of files. */
function teller(before: Place, after: Place, system: number | null) {
  type Fields = Readonly<Record<string, Pair>>;
  const one = (change: Change["change"], path: Binary, fields: Fields = {}, from: Binary | null = null): Change => ({
    ...{ group: "files", change, system, name: nameAt(after, path), fields },
    from: from === null ? null : nameAt(before, from),
  });
  const unread = (path: Binary, reasons: Unread) => unreadChange("files", nameAt(after, path), system, reasons);
  const alone = (was: Item | null, path: Binary) => one(was ? "removed" : "added", path);
  return {
    alone,
    *difference(path: Binary, found: Difference): Generator<Change> {
      if (Object.keys(found.fields).length > 0) yield one("modified", path, found.fields);
      for (const reasons of found.unread) yield unread(path, reasons);
    },
    *renamed(from: Binary, path: Binary, found: Difference): Generator<Change> {
      yield one("renamed", path, found.fields, from);
      for (const reasons of found.unread) yield unread(path, reasons);
    },
    /** Of a file that one of them has no name of that is known. */
    *unreadable(was: Item | null, is: Item | null): Generator<Change> {
      const { path, what } = [was, is].find(isUnreadable) as Unreadable;
      if (what === "file" && (!was || !is)) yield alone(was, path);
      const reason = (item: Item | null) => (isUnreadable(item) ? item.reason : null);
      yield unread(path, [reason(was), reason(is)]);
    },
  };
}
