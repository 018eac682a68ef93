import type { Member } from "../stack.ts";
import type { LogicalVolume, Segment, VolumeGroup } from "./group.ts";

/** Devices of the physical volumes that a volume lies on, as far as they are there. */
export function devicesOf(
  volume: LogicalVolume,
  group: VolumeGroup,
  members: ReadonlyMap<string, Member>,
): readonly string[] {
  const devices = new Set<string>();
  const seen = new Set<LogicalVolume>();
  const left = [volume];
  for (let next = left.pop(); next; next = left.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const name of next.segments.flatMap(namesIn)) {
      const physical = group.physical.get(name);
      const device = physical && members.get(physical.id)?.device;
      if (device !== undefined) devices.add(device);
      const inner = physical ? undefined : group.logical.get(name);
      if (inner) left.push(inner);
    }
  }
  return [...devices].toSorted();
}

/** What names other volumes in a segment. */
const REFERENCES = [
  ...["stripes", "mirrors", "mirror_log", "raids", "raid0_lvs", "origin", "cow_store", "merging_store"],
  ...["thin_pool", "external_origin", "metadata", "pool", "cache_pool", "data", "writecache"],
];

/** Whatever a segment needs: of a thin volume not the one that it was a snapshot of. */
function namesIn({ section, type }: Segment): readonly string[] {
  const keys = REFERENCES.filter((key) => !(key === "origin" && type === "thin"));
  return keys.flatMap((key) => {
    const value = section.values.get(key) ?? [];
    const list = typeof value === "object" ? value : [value];
    return list.filter((each) => typeof each === "string");
  });
}
