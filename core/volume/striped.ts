import type { ByteSource } from "../source/source.ts";
import { mappedSource } from "./mapped.ts";

/** Chunks dealt out to members in turn; every member has `memberSize` bytes for it, a multiple of `chunk`. */
export function stripedSource(
  name: string,
  members: readonly ByteSource[],
  chunk: number,
  memberSize: number,
): ByteSource {
  return mappedSource(name, members.length * memberSize, (offset, length) => {
    const within = offset % chunk;
    const index = (offset - within) / chunk;
    const turn = index % members.length;
    const start = ((index - turn) / members.length) * chunk + within;
    return { source: members[turn] as ByteSource, start, length: Math.min(length, chunk - within) };
  });
}
