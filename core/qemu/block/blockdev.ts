import type { ImageFile } from "./node.ts";

/** A name of QEMU's own table of cache modes (its manual, -drive). */
export type CacheMode = "writeback" | "none" | "writethrough" | "directsync" | "unsafe";

export interface BlockOptions {
  readonly readOnly: boolean;
  readonly discard: "ignore" | "unmap";
  readonly cache: CacheMode;
}

/** What of a cache mode a node says. */
const CACHE: Readonly<Record<CacheMode, { direct: boolean; "no-flush": boolean }>> = {
  writeback: { direct: false, "no-flush": false },
  none: { direct: true, "no-flush": false },
  writethrough: { direct: false, "no-flush": false },
  directsync: { direct: true, "no-flush": false },
  unsafe: { direct: false, "no-flush": true },
};

/** The part of a cache mode that the device says. */
export const hasWriteCache = (cache: CacheMode): boolean => cache !== "writethrough" && cache !== "directsync";

/** A file of a chain of images, without what it leans on: the next one of the chain. */
export type BlockLayer = Omit<ImageFile, "backing">;

/**
 * A `-blockdev` of a chain of images. Every format and file is named, all the way down, so that QEMU never guesses one from what
 * a guest may have written. JSON: no character of a path means anything.
 */
export function blockdev(name: string, chain: readonly BlockLayer[], options: BlockOptions): string[] {
  const node = {
    "node-name": name,
    ...layers(chain, { "read-only": options.readOnly, discard: options.discard, cache: CACHE[options.cache] }),
  };
  return ["-blockdev", JSON.stringify(node)];
}

function layers([top, ...rest]: readonly BlockLayer[], common: object): object | null {
  if (!top) return null;
  const file = { driver: top.isDevice ? "host_device" : "file", filename: top.path, ...common };
  const { part, dataFile } = top;
  if (top.format === "raw") {
    const cut = part && { offset: part.offset, ...(part.size !== null && { size: part.size }) };
    return { driver: top.format, ...common, ...cut, file };
  }
  const data = dataFile && { "data-file": { driver: "file", filename: dataFile, ...common } };
  // None is said, too: left out, QEMU would ask the header.
  return { driver: top.format, ...common, file, ...data, backing: layers(rest, { "read-only": true }) };
}
