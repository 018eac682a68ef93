import type { Eventual } from "../../../kit/eventual.ts";

/** The header of one package in a database, read only as far as it is asked for; its bytes hold until the next one is. */
export interface Blob {
  readonly size: number;
  /** At least the first `length` bytes, or all. */
  upTo(length: number): Eventual<Uint8Array>;
}
