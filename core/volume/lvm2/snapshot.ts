import type { ByteSource } from "../../source/source.ts";
import { mappedSource } from "../mapped.ts";
import { type Exceptions, readExceptions } from "./exceptions.ts";
import { sectors, textOf } from "./group.ts";
import type { SegmentReader } from "./volumes.ts";

/** A snapshot: chunks that it or its origin has written since lie in its store, the others where they were. */
export const snapshot: SegmentReader = async (segment, owner, volumes) => {
  const { section } = segment;
  const store = await volumes.logical(
    textOf(section, section.values.has("merging_store") ? "merging_store" : "cow_store"),
    owner,
  );
  const origin = await volumes.bytes(textOf(section, "origin"), 0, segment.size, owner);
  const exceptions = await readExceptions(store, owner.name);
  const said = sectors(section, "chunk_size");
  if (said !== exceptions.chunk) throw new SyntaxError(`its chunks are ${exceptions.chunk} bytes, and not ${said}`);
  return snapshotSource(owner.name, origin, store, exceptions);
};

function snapshotSource(name: string, origin: ByteSource, store: ByteSource, exceptions: Exceptions): ByteSource {
  const { chunk } = exceptions;
  return mappedSource(name, origin.size, (offset, length) => {
    const within = offset % chunk;
    const { place, chunks } = exceptions.find((offset - within) / chunk);
    const most = Math.min(length, chunks * chunk - within);
    if (place === null) return { source: origin, start: offset, length: most };
    return { source: store, start: place * chunk + within, length: most };
  });
}
