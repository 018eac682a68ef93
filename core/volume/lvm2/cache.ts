import { unreadable } from "./fault.ts";
import { textOf } from "./group.ts";
import type { Owner, SegmentReader } from "./volumes.ts";

/** Modes in which the origin has all that was written. */
const THROUGH = ["writethrough", "passthrough"];

/** A volume whose fast copy lies elsewhere: its origin is read, where that has everything. */
export const cache: SegmentReader = async ({ section, size }, owner, volumes) => {
  // A cache of the newer kind is one volume, and its mode stands here.
  const pool = section.values.get("cache_pool");
  const [inPool] = (typeof pool === "string" ? volumes.group.logical.get(pool)?.segments : null) ?? [];
  const mode = section.values.get("cache_mode") ?? inPool?.section.values.get("cache_mode");
  if (typeof mode !== "string" || !THROUGH.includes(mode)) throw dirty(owner, `its mode is ${mode ?? "not told"}`);
  return volumes.bytes(textOf(section, "origin"), 0, size, owner);
};

export const writecache: SegmentReader = async (_, owner) => {
  throw dirty(owner, "it is a writecache");
};

function dirty(owner: Owner, why: string) {
  return unreadable(
    owner.name,
    "CACHE",
    `its cache may hold what its origin lacks: ${why}`,
    `Write it back in the machine, then read the disk: lvconvert --uncache ${owner.name}`,
  );
}
