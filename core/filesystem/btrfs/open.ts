import type { ByteSource } from "../../source/source.ts";
import type { FileSystem, FileSystemContext, Subvolume } from "../filesystem.ts";
import { readChunks } from "./chunk-tree.ts";
import { DataReader } from "./data.ts";
import { gatherDevices } from "./devices.ts";
import { EditedTree } from "./edited.ts";
import { OBJECTID, SUPER_FLAG_SEEDING } from "./layout.ts";
import { replayLog } from "./log-replay.ts";
import { openLogs } from "./logs.ts";
import { Nodes } from "./nodes.ts";
import { readPaths, readPlaces } from "./places.ts";
import { type Root, Roots } from "./roots.ts";
import { entryKey, type Family, SubvolumeTree } from "./subvolume.ts";
import { Sums } from "./sums.ts";
import type { Items, Tree } from "./tree.ts";
import { Volume } from "./volume.ts";

/**
 * Opens btrfs as the kernel mounts it without options: its default subvolume; the others are its `subvolumes`. Closing it
 * leaves the sources open. Throws `E_BTRFS_*` with the place, for what is damaged, unknown or (a device) not there.
 */
export async function openBtrfs(source: ByteSource, context: FileSystemContext): Promise<FileSystem> {
  const volume = new Volume(await gatherDevices(source, context), context);
  await readChunks(volume);
  const nodes = new Nodes(volume);
  const roots = new Roots(nodes);
  noteState(volume);
  const all = await roots.subvolumes();
  const logs = await openLogs(nodes);
  const trees = new Map<number, Items>();
  for (const root of all) trees.set(root.id, await replayed(roots.open(root), logs.get(root.id)));
  if (logs.size > 0)
    volume.notes.add(`log replayed: ${logs.size === 1 ? "of 1 subvolume" : `of ${logs.size} subvolumes`}`);
  return openFamily(roots, all, trees, await dataOf(roots, [...logs.values()]));
}

async function replayed(tree: Tree, log: Tree | undefined): Promise<Items> {
  if (!log) return tree;
  const edited = new EditedTree(tree);
  await replayLog(tree.volume, edited, log);
  return edited;
}

/** Checksums of what was logged stand in the logs. */
async function dataOf(roots: Roots, logs: readonly Tree[]): Promise<DataReader> {
  const sums = await roots.find(OBJECTID.csum_tree);
  return new DataReader(roots.volume, new Sums(roots.volume, [...logs, ...(sums ? [roots.open(sums)] : [])]));
}

function noteState(volume: Volume): void {
  const { raw } = volume.sb;
  if ((raw.flags & SUPER_FLAG_SEEDING) !== 0n) volume.notes.add("a seed device: file systems may have grown from it");
}

async function openFamily(
  roots: Roots,
  all: readonly Root[],
  trees: ReadonlyMap<number, Items>,
  data: DataReader,
): Promise<FileSystem> {
  const places = await readPlaces(
    roots,
    all.map(({ id }) => id),
  );
  const paths = await readPaths(places, (id) => trees.get(id) ?? null);
  const defaultId = await roots.defaultId();
  const [list, byId, entries] = [[] as Subvolume[], new Map<number, FileSystem>(), new Set<string>()];
  const family: Family = { volume: roots.volume, data, list, byId, entries };
  for (const [id, { parent, directory, name }] of places) {
    if (trees.has(id)) entries.add(entryKey(parent, directory, id, name));
  }
  for (const root of all) {
    const fs = new SubvolumeTree(family, trees.get(root.id) as Items, root);
    byId.set(root.id, fs);
    const path = paths.get(root.id);
    const { id, isSnapshot } = root;
    if (path !== undefined) list.push({ id, path, isDefault: id === defaultId, isSnapshot, fs });
  }
  const opened = byId.get(defaultId);
  if (opened) return opened;
  throw roots.volume.fault("E_BTRFS_ROOT", {
    thing: `subvolume ${defaultId}`,
    what: "it is the default one, and the tree of trees does not have it",
  });
}
