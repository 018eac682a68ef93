import type { ByteSource } from "../../source/source.ts";
import { mappedSource } from "../mapped.ts";

/** Source: Linux, drivers/md/raid0.c; md(4), "RAID0". */
const LAYOUT_ORIGINAL = 1;
const LAYOUT_ALTERNATE = 2;

/** Part of an array over the disks that reach so far; bytes. */
interface Zone {
  readonly start: number;
  readonly end: number;
  readonly disks: readonly ByteSource[];
  /** Where it starts on each of them. */
  readonly onDisk: number;
}

/**
 * RAID 0. Disks of several sizes make zones: where the shorter ones end, stripes go on over the others. Which disk a later
 * zone begins with depends on the layout. Throws a SyntaxError where that matters and is not told, as the kernel refuses.
 */
export function zonedSource(name: string, disks: readonly ByteSource[], chunk: number, layout: number): ByteSource {
  const zones = zonesOf(disks, chunk);
  if (zones.length > 1 && layout !== LAYOUT_ORIGINAL && layout !== LAYOUT_ALTERNATE) {
    throw new SyntaxError("its disks differ in size, and it does not say how the rest of the larger ones is laid out");
  }
  return mappedSource(name, zones.at(-1)?.end ?? 0, (offset, length) => {
    const zone = zones.find(({ end }) => offset < end) as Zone;
    const within = offset % chunk;
    const chunkInZone = (offset - zone.start - within) / chunk;
    const turn = (layout === LAYOUT_ORIGINAL ? (offset - within) / chunk : chunkInZone) % zone.disks.length;
    const row = Math.floor(chunkInZone / zone.disks.length);
    const most = Math.min(length, chunk - within);
    return { source: zone.disks[turn] as ByteSource, start: zone.onDisk + row * chunk + within, length: most };
  });
}

function zonesOf(disks: readonly ByteSource[], chunk: number): readonly Zone[] {
  const sizeOf = (disk: ByteSource) => disk.size - (disk.size % chunk);
  const steps = [...new Set(disks.map(sizeOf))].filter((size) => size > 0).toSorted((a, b) => a - b);
  const zones: Zone[] = [];
  let [start, onDisk] = [0, 0];
  for (const step of steps) {
    const reaching = disks.filter((disk) => sizeOf(disk) >= step);
    const end = start + (step - onDisk) * reaching.length;
    zones.push({ start, end, disks: reaching, onDisk });
    [start, onDisk] = [end, step];
  }
  return zones;
}
