import type { ByteSource } from "../source/source.ts";
import { mappedSource } from "./mapped.ts";
import { dataPlace, type ParityLayout, parityPlaces } from "./raid-layout.ts";
import { rebuiltSource } from "./raid-rebuild.ts";

/** RAID 4, 5 or 6; null stands for a disk that is missing. */
export interface ParityRaid {
  readonly name: string;
  readonly members: readonly (ByteSource | null)[];
  readonly layout: ParityLayout;
  /** Bytes. */
  readonly chunk: number;
  /** Bytes of each member that are used, a multiple of `chunk`. */
  readonly memberSize: number;
}

/** As many disks may be missing as there are parities; what they hold is computed from the others. */
export function parityRaid(raid: ParityRaid): ByteSource {
  const { name, members, layout, chunk, memberSize } = raid;
  const data = members.length - (layout.q === null ? 1 : 2);
  const disks = members.map((each, disk) => each ?? rebuiltSource(raid, disk));
  return mappedSource(name, data * memberSize, (offset, length) => {
    const within = offset % chunk;
    const index = ((offset - within) / chunk) % data;
    const stripe = ((offset - within) / chunk - index) / data;
    const disk = dataPlace(layout, members.length, parityPlaces(layout, members.length, stripe), index);
    return {
      source: disks[disk] as ByteSource,
      start: stripe * chunk + within,
      length: Math.min(length, chunk - within),
      ...(members[disk] === null && { isDear: true }),
    };
  });
}
