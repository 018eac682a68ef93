import type { ByteSource } from "../source/source.ts";
import { withFallback } from "./fallback.ts";
import { mappedSource } from "./mapped.ts";
import { dataPlace, type ParityRaid, parityPlaces } from "./raid-layout.ts";
import { rebuiltSource } from "./raid-rebuild.ts";

/** As many disks may be missing as there are parities; what they hold is computed from the others. */
export function parityRaid(raid: ParityRaid): ByteSource {
  const { name, members, layout, chunk, memberSize } = raid;
  const data = members.length - (layout.q === null ? 1 : 2);
  const disks = members.map((each, disk) => (each ? backedUp(raid, each, disk) : rebuiltSource(raid, disk)));
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

/** A member, in whose stead the others give what it cannot, as long as one more may be missing. */
function backedUp(raid: ParityRaid, member: ByteSource, disk: number): ByteSource {
  const lost = raid.members.filter((each) => each === null).length;
  if (!raid.isInStep || lost >= (raid.layout.q === null ? 1 : 2)) return member;
  const members = raid.members.map((each, at) => (at === disk ? null : each));
  return withFallback(member, [rebuiltSource({ ...raid, members }, disk)]);
}
