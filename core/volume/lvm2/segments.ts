import type { ByteSource } from "../../source/source.ts";
import { stripedSource } from "../striped.ts";
import { cache, writecache } from "./cache.ts";
import { count, places, sectors } from "./group.ts";
import { mirror } from "./mirror.ts";
import { raidReaders } from "./raid.ts";
import { snapshot } from "./snapshot.ts";
import { thin } from "./thin.ts";
import type { SegmentReader } from "./volumes.ts";

/** Linear ones too: they are striped over one. */
const striped: SegmentReader = async (segment, owner, volumes) => {
  const areas = places(segment.section, "stripes");
  if (areas.length !== count(segment.section, "stripe_count")) throw new SyntaxError("its stripes are not all there");
  const length = segment.size / areas.length;
  const [first] = areas;
  if (first && areas.length === 1) return volumes.area(first, length, owner);
  const chunk = sectors(segment.section, "stripe_size");
  if (chunk === 0 || length % chunk !== 0) throw new SyntaxError(`its stripes are ${chunk} bytes long`);
  const sources: ByteSource[] = [];
  for (const area of areas) sources.push(await volumes.area(area, length, owner));
  return stripedSource(owner.name, sources, chunk, length);
};

/** How each type of segment is read; one that is not here is refused by name. */
export const segmentReaders: Readonly<Record<string, SegmentReader>> = {
  striped,
  linear: striped,
  mirror,
  ...raidReaders,
  snapshot,
  thin,
  cache,
  writecache,
};
