import { toBinary } from "../archive/index.ts";
import { chosen, type Disk, inspectKnowing, isChosen, type TreeChoice } from "../inspect/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import { decodeName, encodeName, printable } from "../kit/name.ts";
import type { Change } from "./change.ts";
import { compareDevices, type Side } from "./devices.ts";
import type { FileOptions } from "./differing.ts";
import { compareFiles } from "./files.ts";
import { nameAt, type Place } from "./items.ts";
import { compareSystems } from "./systems.ts";
import { pairsOf, placesOf, type TreePair, treesOf } from "./trees.ts";
import { unreadChange } from "./unread.ts";
import { type Work, workOn } from "./work.ts";

export { type Change, GROUPS, type Group, type Pair, type Tally, tallying } from "./change.ts";

export interface DiffOptions extends FileOptions {
  /** What is compared of each: the file system that is chosen, with the systems on it. */
  readonly choices?: { readonly before: TreeChoice; readonly after: TreeChoice };
  /** The file or folder that is compared; `/` where left out. */
  readonly path?: string | Uint8Array;
  /** Is told what was odd in reading one of them. */
  readonly warn?: (side: "before" | "after", warning: string) => void;
}

/**
 * What is not the same in two disks: what their reports say, then files below `path` of their systems, which are paired by
 * their order, and of file systems that no system mounts, which are paired by their devices. What cannot be read of one
 * is a change of its own (`unread`): without a change both are the same. Throws what ends the whole, `E_TREE_UNKNOWN`, and
 * `E_DIFF_PATH` where neither has that path.
 */
export async function* diffDisks(before: Disk, after: Disk, options: DiffOptions = {}): AsyncGenerator<Change> {
  const { choices = { before: {}, after: {} }, warn } = options;
  const [old, now] = [await sideOf(before, choices.before), await sideOf(after, choices.after)];
  for (const warning of old.inspected.report.warnings) warn?.("before", warning);
  for (const warning of now.inspected.report.warnings) warn?.("after", warning);
  yield* compareSystems(old.inspected, now.inspected);
  const trees = pairsOf(await treesOf(before, choices.before), await treesOf(after, choices.after));
  const work = await workOn(before, after);
  using _share = work.all();
  yield* compareDevices(old, now, work);
  yield* comparePairs(trees, work, options);
}

async function sideOf(disk: Disk, choice: TreeChoice): Promise<Side> {
  const inspected = await inspectKnowing(disk, { ...choice, facts: ["services"] });
  return { disk, inspected, chosen: isChosen(choice) ? chosen(disk, choice) : null };
}

async function* comparePairs(trees: readonly TreePair[], work: Work, options: DiffOptions): AsyncGenerator<Change> {
  const { path = "/" } = options;
  let isThere = trees.length === 0;
  for (const pair of trees) {
    const { values, unread } = await placesOf(pair, path);
    if (unread) {
      isThere = true;
      yield unreadChange("files", pair.prefix + rawOf(path), pair.system, unread);
      continue;
    }
    const [was, is] = values;
    if (was ?? is) isThere = true;
    if (was && is) yield* compareFiles(was, is, pair.system, work, options);
    else if (was ?? is) yield alone(was, (was ?? is) as Place, pair.system);
  }
  if (!isThere) throw missing(path);
}

/** What is compared is in one of them alone. */
function alone(was: Place | null, place: Place, system: number | null): Change {
  const change = was ? "removed" : "added";
  return { group: "files", change, system, name: nameAt(place, ""), from: null, fields: {} };
}

const rawOf = (path: string | Uint8Array) => toBinary(typeof path === "string" ? encodeName(path) : path);

function missing(path: string | Uint8Array): GuestkitError {
  const name = printable(decodeName(typeof path === "string" ? encodeName(path) : path).text);
  return new GuestkitError("E_DIFF_PATH", `Cannot compare "${name}": neither image has it`, {
    help: `List what is there: guestkit ls IMAGE "${name.replace(/\/[^/]*\/*$/, "") || "/"}"`,
  });
}
