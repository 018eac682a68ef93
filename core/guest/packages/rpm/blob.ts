/** The header of one package in a database, read only as far as it is asked for. */
export interface Blob {
  readonly size: number;
  /** At least the first `length` bytes, or all. */
  upTo(length: number): Promise<Uint8Array>;
}
