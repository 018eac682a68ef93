import { hasMagic } from "../kit/magic.ts";
import { formatUuid, hexOf } from "../kit/struct.ts";
import type { ByteSource } from "../source/source.ts";
import type { Recognised } from "./filesystem.ts";
import { recogniseSwap } from "./swap/index.ts";

interface Signature {
  readonly type: string;
  /** Bytes from the start. */
  readonly at: number;
  readonly magic: string;
  readonly uuid?: (head: Uint8Array) => string | null;
  readonly label?: (head: Uint8Array) => string | null;
}

/** As far as any magic below lies (btrfs's label ends last). */
const HEAD = 0x10000 + 0x1000;

const binaryUuid = (at: number) => (head: Uint8Array) => {
  const raw = head.subarray(at, at + 16);
  return raw.length === 16 && raw.some((byte) => byte !== 0) ? formatUuid(raw) : null;
};
const text = (at: number, length: number) => (head: Uint8Array) => decode(head.subarray(at, at + length));
const utf16 = (at: number, length: number) => (head: Uint8Array) =>
  new TextDecoder("utf-16le").decode(head.subarray(at, at + length)).split("\0")[0] || null;
/** A serial number stored little end first, as upper-case hex. */
const serial = (at: number, length: number) => (head: Uint8Array) =>
  hexOf(head.slice(at, at + length).reverse()).toUpperCase();

/** Magics in the order they are tried: what wraps other content first. */
const SIGNATURES: readonly Signature[] = [
  { type: "crypto_LUKS", at: 0, magic: "LUKS\xba\xbe", uuid: text(168, 40), label: luksLabel },
  { type: "BitLocker", at: 3, magic: "-FVE-FS-" },
  ...[0, 512, 1024, 1536].map((at) => ({ type: "LVM2_member", at: at + 24, magic: "LVM2 001", uuid: lvmUuid(at) })),
  ...[0, 4096].map((at) => ({
    type: "linux_raid_member",
    at,
    magic: "\xfc\x4e\x2b\xa9",
    uuid: binaryUuid(at + 16),
    label: text(at + 32, 32),
  })),
  // The name of the first pair in the label's list (XDR), which begins at 16 KiB.
  { type: "zfs_member", at: 0x4018, magic: "version\0" },
  { type: "bcache", at: 4120, magic: "\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81" },
  { type: "btrfs", at: 0x10040, magic: "_BHRfS_M", uuid: binaryUuid(0x10020), label: text(0x1012b, 256) },
  { type: "xfs", at: 0, magic: "XFSB", uuid: binaryUuid(32), label: text(108, 12) },
  { type: "ntfs", at: 3, magic: "NTFS    ", uuid: serial(72, 8) },
  { type: "exfat", at: 3, magic: "EXFAT   ", uuid: exfatSerial },
  { type: "squashfs", at: 0, magic: "hsqs" },
  { type: "erofs", at: 1024, magic: "\xe2\xe1\xf5\xe0", uuid: binaryUuid(1024 + 48), label: text(1024 + 64, 16) },
  { type: "f2fs", at: 1024, magic: "\x10\x20\xf5\xf2", uuid: binaryUuid(1024 + 108), label: utf16(1024 + 124, 1024) },
  { type: "cramfs", at: 0, magic: "\x45\x3d\xcd\x28", label: text(48, 16) },
  { type: "romfs", at: 0, magic: "-rom1fs-", label: text(16, 16) },
  { type: "reiserfs", at: 0x10034, magic: "ReIsEr", uuid: binaryUuid(0x10000 + 84), label: text(0x10000 + 100, 16) },
  { type: "jfs", at: 0x8000, magic: "JFS1", uuid: binaryUuid(0x8000 + 136), label: text(0x8000 + 152, 16) },
  { type: "nilfs2", at: 1030, magic: "\x34\x34", uuid: binaryUuid(1024 + 152), label: text(1024 + 168, 80) },
  { type: "hfsplus", at: 1024, magic: "H+\0\x04" },
  { type: "apfs", at: 32, magic: "NXSB", uuid: binaryUuid(72) },
  { type: "iso9660", at: 0x8001, magic: "CD001", label: text(0x8000 + 40, 32) },
  { type: "udf", at: 0x8001, magic: "BEA01" },
  { type: "ext4", at: 0x438, magic: "\x53\xef", uuid: binaryUuid(0x468), label: text(0x478, 16) },
];

/** Names a volume's content by its magic; null where nothing is known. Reads at most its first 68 KiB. */
export async function recognise(source: ByteSource): Promise<Recognised | null> {
  const head = new Uint8Array(HEAD);
  head.set(await source.read(0, Math.min(HEAD, source.size)));
  const found = SIGNATURES.find((each) => hasMagic(head, each.at, each.magic));
  if (!found) return recogniseSwap(head);
  return { type: found.type, uuid: found.uuid?.(head) ?? null, label: found.label?.(head) ?? null, size: null };
}

/** Only LUKS2 has a label. */
function luksLabel(head: Uint8Array): string | null {
  return head[7] === 2 ? text(24, 48)(head) : null;
}

/** 32 letters and digits, grouped as LVM shows them. */
function lvmUuid(at: number): (head: Uint8Array) => string | null {
  return (head) => {
    const offset = at + new DataView(head.buffer, head.byteOffset).getUint32(at + 20, true);
    const raw = text(offset, 32)(head);
    return raw?.replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, "$1-$2-$3-$4-$5-$6-$7") ?? null;
  };
}

function exfatSerial(head: Uint8Array): string {
  return serial(100, 4)(head).replace(/^(.{4})/, "$1-");
}

function decode(raw: Uint8Array): string | null {
  const end = raw.indexOf(0);
  const name = new TextDecoder().decode(end < 0 ? raw : raw.subarray(0, end)).trimEnd();
  return name === "" ? null : name;
}
