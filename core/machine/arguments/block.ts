import type { MachineDisk } from "../machine.ts";
import type { Layer } from "./facts.ts";

export interface BlockOptions {
  readonly readOnly: boolean;
  readonly discard: MachineDisk["discard"];
  readonly cache: MachineDisk["cache"];
}

/** QEMU's own table of cache modes (its manual, -drive): what of it a node says. */
const CACHE: Readonly<Record<MachineDisk["cache"], { direct: boolean; "no-flush": boolean }>> = {
  writeback: { direct: false, "no-flush": false },
  none: { direct: true, "no-flush": false },
  writethrough: { direct: false, "no-flush": false },
  directsync: { direct: true, "no-flush": false },
  unsafe: { direct: false, "no-flush": true },
};

/** The part of a cache mode that the device says. */
export const hasWriteCache = (cache: MachineDisk["cache"]): boolean =>
  cache !== "writethrough" && cache !== "directsync";

/**
 * A `-blockdev` of a chain of images. Every format is named, all the way down, so that QEMU never guesses one from what
 * a guest may have written. JSON: no character of a path means anything.
 */
export function blockdev(name: string, chain: readonly Layer[], options: BlockOptions): string[] {
  const node = {
    "node-name": name,
    ...layers(chain, { "read-only": options.readOnly, discard: options.discard, cache: CACHE[options.cache] }),
  };
  return ["-blockdev", JSON.stringify(node)];
}

function layers([top, ...rest]: readonly Layer[], common: object): object {
  if (!top) return {};
  const file = { driver: top.isDevice ? "host_device" : "file", filename: top.path, ...common };
  const backing = rest.length > 0 && { backing: layers(rest, { "read-only": true }) };
  return { driver: top.format, ...common, file, ...backing };
}
