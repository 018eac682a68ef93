import { key, TOP } from "./key.ts";
import { KEY_TYPE, OBJECTID } from "./layout.ts";
import type { Nodes } from "./nodes.ts";
import { decodeRoot } from "./roots.ts";
import { Tree } from "./tree.ts";

const isLog = (owner: number): boolean => owner === OBJECTID.tree_log;

/** The logs that wait for replay, by the subvolume that each is of: what was synced since the last commit. */
export async function openLogs(nodes: Nodes): Promise<ReadonlyMap<number, Tree>> {
  const { log_root, log_root_level, generation } = nodes.volume.sb.raw;
  const logs = new Map<number, Tree>();
  if (log_root === 0) return logs;
  const ref = { address: log_root, level: log_root_level, generation: generation + 1, first: null };
  const type = KEY_TYPE.root_item;
  const tree = new Tree(nodes, ref, isLog);
  for await (const batch of tree.range(key(OBJECTID.tree_log, type, 0), key(OBJECTID.tree_log, type, TOP))) {
    for (const item of batch) logs.set(item.offset, new Tree(nodes, decodeRoot(nodes.volume, item).ref, isLog));
  }
  return logs;
}
