import type { BlockMap } from "../mapped.ts";

/** A map that knows how far it reaches. */
export interface BoundedMap extends BlockMap {
  /** Blocks past this one cannot be mapped. */
  readonly limit: number;
}
