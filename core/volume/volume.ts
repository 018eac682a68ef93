import type { ByteSource } from "../source/source.ts";

/** A partition: a window on the disk. */
export interface Volume {
  /** The partition's number as the kernel counts it, from 1 (logical ones from 5). */
  readonly number: number;
  /** Bytes from the start of the disk. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  /** GPT type GUID (lower case) or MBR type (`0x83`). */
  readonly type: string;
  /** GPT partition name; null on MBR. */
  readonly name: string | null;
  /** PARTUUID as the kernel writes it: a GUID, or `1234abcd-01` on MBR. */
  readonly uuid: string | null;
  readonly bootable: boolean;
  readonly source: ByteSource;
}

/** Where a partition stands as its table says it, also past the disk's end; bytes. */
export interface Extent {
  readonly number: number;
  readonly start: number;
  readonly size: number;
}

/** Bytes to write at an offset of the disk; both are multiples of 512. */
export interface ByteRange {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A partition that takes room behind it: as it was and as it is, bytes. */
export interface Grown extends Extent {
  readonly oldSize: number;
}

/** A table as it is to be on a larger disk. */
export interface ResizedTable {
  readonly ranges: readonly ByteRange[];
  /** Null where no partition was to grow, or none could. */
  readonly grown: Grown | null;
  /** What could not be carried along, in words. */
  readonly notes: readonly string[];
}

/** What a reader knows of a table, and the writer that knows the same. */
export interface VolumeTable {
  readonly scheme: "gpt" | "mbr";
  /** Disk GUID, or the MBR's disk signature in hex. */
  readonly uuid: string | null;
  /** Bytes: 512 or 4096. */
  readonly sectorSize: number;
  readonly volumes: readonly Volume[];
  /** The backup header that was used, an overlap that was seen. */
  readonly warnings: readonly string[];
  /** Every partition of the table. */
  readonly extents: readonly Extent[];
  /** Bytes: where the disk ended for which the table was written; the disk's end where it does not say. */
  readonly end: number;
  /** What a copy of it has against itself, in words; empty where everything is whole and in its place. */
  faults(): Promise<readonly string[]>;
  /**
   * The table for a disk of `diskSize` bytes, every copy of it; partition `grow` takes what is free behind it. Throws
   * `E_TABLE_ROOM` where partitions would not fit, `E_GPT_DAMAGED` where it is not known what may be written over.
   */
  resize(diskSize: number, grow: number | null): Promise<ResizedTable>;
}

export interface VolumeKind {
  readonly name: "gpt" | "mbr";
  probe(source: ByteSource): Promise<boolean>;
  open(source: ByteSource): Promise<VolumeTable>;
}
