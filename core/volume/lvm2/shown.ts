import type { LogicalVolume, VolumeGroup } from "./group.ts";

/** A volume that users see by its name. */
export interface ShownVolume {
  readonly volume: LogicalVolume;
  /** The one whose bytes it has: itself, or the hidden one that makes a snapshot of its store. */
  readonly through: LogicalVolume;
}

/** Without the parts of others and pools, whose content is read through their volumes. */
export function shownVolumes(group: VolumeGroup): readonly ShownVolume[] {
  const all = [...group.logical.values()];
  const snapshots = all.filter((volume) => volume.segments.some(({ type }) => type === "snapshot"));
  const stores = new Map(namesIn(snapshots, "cow_store"));
  const stead = new Map(namesIn(snapshots.filter(isMerging), "origin"));
  return all.flatMap((volume) => {
    const store = stores.get(volume.name);
    if (store) return [{ volume, through: store }];
    if (!volume.isVisible || snapshots.includes(volume) || isPool(volume)) return [];
    return [{ volume, through: stead.get(volume.name) ?? volume }];
  });
}

function namesIn(snapshots: readonly LogicalVolume[], key: string): [string, LogicalVolume][] {
  return snapshots.flatMap((volume) => {
    const name = volume.segments[0]?.section.values.get(key);
    return typeof name === "string" ? [[name, volume]] : [];
  });
}

/** Its origin shows what the snapshot has, from the moment that the merge begins. */
function isMerging({ segments }: LogicalVolume): boolean {
  return segments[0]?.section.values.has("merging_store") ?? false;
}

function isPool({ segments }: LogicalVolume): boolean {
  return segments.some(({ type }) => type.endsWith("-pool"));
}
