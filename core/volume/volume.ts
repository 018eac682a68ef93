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

export interface VolumeTable {
  readonly scheme: "gpt" | "mbr";
  /** Disk GUID, or the MBR's disk signature in hex. */
  readonly uuid: string | null;
  /** Bytes: 512 or 4096. */
  readonly sectorSize: number;
  readonly volumes: readonly Volume[];
  /** The backup header that was used, an overlap that was seen. */
  readonly warnings: readonly string[];
}

export interface VolumeKind {
  readonly name: "gpt" | "mbr";
  probe(source: ByteSource): Promise<boolean>;
  open(source: ByteSource): Promise<VolumeTable>;
}
