import type { ImageFile } from "../qemu/block/node.ts";

/** One file of an image's chain, and what it is to be opened as. */
export interface Layer extends Omit<ImageFile, "backing"> {
  /** Virtual size, bytes. */
  readonly size: number;
}
