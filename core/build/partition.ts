export const MIB = 2 ** 20;
export const SECTOR = 512;

export type PartitionType = "linux" | "root" | "home" | "esp" | "bios_boot" | "swap" | "xbootldr" | "lvm" | "raid";

/** GPT type GUIDs (UEFI 2.10, Discoverable Partitions Specification for x86-64) and MBR type bytes. */
export const PARTITION_TYPES: Readonly<Record<PartitionType, { readonly gpt: string; readonly mbr: number | null }>> = {
  linux: { gpt: "0fc63daf-8483-4772-8e79-3d69d8477de4", mbr: 0x83 },
  root: { gpt: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709", mbr: 0x83 },
  home: { gpt: "933ac7e1-2eb4-4f13-b844-0e14e2aef915", mbr: 0x83 },
  esp: { gpt: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", mbr: 0xef },
  bios_boot: { gpt: "21686148-6449-6e6f-744e-656564454649", mbr: null },
  swap: { gpt: "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", mbr: 0x82 },
  xbootldr: { gpt: "bc13c2ff-59e6-4262-a352-b275fd6f7172", mbr: 0xea },
  lvm: { gpt: "e6d6d379-f507-44c2-a23c-238f2a3df928", mbr: 0x8e },
  raid: { gpt: "a19d880f-05fc-4d3b-a006-743f0f84911e", mbr: 0xfd },
};

export interface WantedPartition {
  readonly name: string;
  readonly type: PartitionType;
  /** Bytes; left out (the last one only): the rest of the disk. */
  readonly size?: number | undefined;
}

export interface PlacedPartition {
  readonly name: string;
  readonly type: PartitionType;
  /** Bytes from the start of the disk, a multiple of 1 MiB. */
  readonly start: number;
  /** Bytes, a multiple of 4 KiB. */
  readonly size: number;
  /** PARTUUID on GPT; chosen where left out. */
  readonly uuid?: string;
}

export interface TableLayout {
  readonly scheme: "gpt" | "mbr";
  /** Bytes. */
  readonly diskSize: number;
  readonly partitions: readonly PlacedPartition[];
  /** Disk GUID; chosen where left out. */
  readonly uuid?: string;
}

/** MBR: whether the partition at `index` of `count` is a logical one. */
export function isLogical(count: number, index: number): boolean {
  return count > 4 && index >= 3;
}

export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

export function alignDown(value: number, unit: number): number {
  return Math.floor(value / unit) * unit;
}
