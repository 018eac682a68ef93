import { toBinary } from "../archive/index.ts";
import { Tree } from "../filesystem/tree.ts";
import { type Disk, inspectDisk } from "../inspect/index.ts";
import type { Change } from "./change.ts";
import { compareFiles, type FileOptions, type Place } from "./files.ts";
import { compareReports } from "./systems.ts";

export { type Change, GROUPS, type Group, type Pair } from "./change.ts";

export interface DiffOptions extends FileOptions {
  /** The folder below which files are compared; `/` where left out. */
  readonly path?: string;
  /** Is told what was odd in reading one of them: what could not be read is not compared. */
  readonly warn?: (side: "before" | "after", warning: string) => void;
}

/**
 * What is not the same in two disks: what their reports say, then files below `path` of their systems, which are paired by
 * their order; of disks without a system those of their file systems, which are paired by their devices. Throws what reading them throws.
 */
export async function* diffDisks(before: Disk, after: Disk, options: DiffOptions = {}): AsyncGenerator<Change> {
  const [old, now] = [await inspectDisk(before), await inspectDisk(after)];
  for (const warning of old.warnings) options.warn?.("before", warning);
  for (const warning of now.warnings) options.warn?.("after", warning);
  yield* compareReports(old, now);
  let isThere = false;
  for (const { system, prefix, trees } of pairsOf(await treesOf(before), await treesOf(after))) {
    const [was, is] = await Promise.all(trees.map((tree) => placeOf(tree, prefix, options)));
    if (was ?? is) isThere = true;
    if (was && is) yield* compareFiles(was, is, system, options);
    else if (was ?? is) yield missing(was ? "removed" : "added", prefix, options, system);
  }
  if (options.path !== undefined && !isThere) warnOfBoth(options, `there is no ${options.path} in it`);
}

function warnOfBoth({ warn }: DiffOptions, warning: string): void {
  warn?.("before", warning);
  warn?.("after", warning);
}

/** What is compared on its own: a system with all that it mounts, else a file system by its device. */
interface OwnTree {
  /** Among the systems; null for a file system of none. */
  readonly system: number | null;
  readonly device: string;
  readonly tree: Tree;
}

async function treesOf(disk: Disk): Promise<readonly OwnTree[]> {
  const roots = await disk.roots();
  if (roots.length > 0) return roots.map(({ device, tree }, system) => ({ system, device, tree }));
  const found: OwnTree[] = [];
  for (const { device, fs, kind } of disk.filesystems) {
    if (fs && kind !== "subvolume")
      found.push({ system: null, device, tree: await Tree.assemble([{ target: "/", fs }], disk.budget) });
  }
  return found;
}

interface TreePair {
  readonly system: number | null;
  /** Before the paths of one of several file systems: its device, and a colon. */
  readonly prefix: string;
  readonly trees: readonly [Tree, Tree];
}

/** Those that are in both; that one is not is told by the reports. */
function pairsOf(before: readonly OwnTree[], after: readonly OwnTree[]): readonly TreePair[] {
  const isAlone = before.length === 1 && after.length === 1;
  return before.flatMap((was): TreePair[] => {
    const is = after.find(
      ({ system, device }) => isAlone || (was.system === null ? device === was.device : system === was.system),
    );
    if (!is) return [];
    const prefix = was.system === null && !isAlone ? `${was.device}:` : "";
    return [{ system: was.system, prefix, trees: [was.tree, is.tree] }];
  });
}

async function placeOf(tree: Tree, prefix: string, { path = "/" }: DiffOptions): Promise<Place | null> {
  const start = await tree.resolve(path);
  return start && { tree, start, folder: prefix + rawOf(`/${path}/`).replace(/\/+/g, "/") };
}

const rawOf = (text: string) => toBinary(new TextEncoder().encode(text));

/** The folder itself is in one of them alone. */
function missing(change: Change["change"], prefix: string, { path = "/" }: DiffOptions, system: number | null): Change {
  return { group: "files", change, system, name: prefix + rawOf(path), from: null, fields: {} };
}
