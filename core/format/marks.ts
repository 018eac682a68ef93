import { hasMagic } from "../kit/magic.ts";

/** What tells a kind of file, as bytes at offsets. */
/** What a file with a mark is: a disk's image, something compressed, or what is evidently no disk. */
export type Kind = "image" | "packed" | "other";

export interface Mark {
  /** `qcow2`, `gzip`; of a content in words: `a GPT`. */
  readonly name: string;
  readonly kind: Kind;
  /** Each character is a byte. */
  readonly parts: readonly (readonly [offset: number, magic: string])[];
}

const marks =
  (kind: Kind) =>
  (name: string, offset: number, magic: string, ...more: Mark["parts"]) => ({
    ...{ name, kind },
    parts: [[offset, magic] as const, ...more],
  });
const image = marks("image");
const packed = marks("packed");
const other = marks("other");

/** Told by their first bytes. A file that bears one of these is taken for no plain disk. */
export const HEADS: readonly Mark[] = [
  image("qcow2", 0, "QFI\xfb"),
  image("vmdk", 0, "KDMV"),
  image("vmdk", 0, "COWD"),
  image("vmdk", 0, "\xbe\xba\xfe\xca\0\0\0\0"),
  image("vmdk", 0, "# Disk DescriptorFile"),
  image("vhd", 0, "conectix"),
  image("vhdx", 0, "vhdxfile"),
  image("vdi", 64, "\x7f\x10\xda\xbe"),
  image("qed", 0, "QED\0"),
  image("parallels", 0, "WithoutFreeSpace"),
  image("parallels", 0, "WithouFreSpacExt"),
  image("bochs", 0, "Bochs Virtual HD Image"),
  image("cloop", 0, "#!/bin/sh\n#V2.0 Format"),
  image("ewf", 0, "EVF\x09\x0d\x0a\xff\0"),
  image("ewf", 0, "EVF2\x0d\x0a\x81\0"),
  image("android-sparse", 0, "\x3a\xff\x26\xed"),
  image("partclone", 0, "partclone-image"),
  image("ntfsclone", 0, "\0ntfsclone-image"),
  packed("xz", 0, "\xfd7zXZ\0"),
  packed("gzip", 0, "\x1f\x8b\x08"),
  packed("zstd", 0, "\x28\xb5\x2f\xfd"),
  ...[..."\x50\x51\x52\x53\x54\x55\x56\x57\x58\x59\x5a\x5b\x5c\x5d\x5e\x5f"].map((each) =>
    packed("zstd", 0, `${each}\x2a\x4d\x18`),
  ),
  packed("bzip2", 0, "BZh", [4, "1AY&SY"]),
  packed("bzip2", 0, "BZh", [4, "\x17rE8P\x90"]),
  packed("lz4", 0, "\x04\x22\x4d\x18"),
  packed("lzip", 0, "LZIP\x01"),
  packed("lzma", 0, "\x5d\0\0", [5, "\xff\xff\xff\xff\xff\xff\xff\xff"]),
  packed("lzop", 0, "\x89LZO\0\x0d\x0a\x1a\x0a"),
  packed("compress", 0, "\x1f\x9d"),
  other("wim", 0, "MSWIM\0\0\0"),
  other("zip", 0, "PK\x03\x04"),
  other("zip", 0, "PK\x05\x06"),
  other("zip", 0, "PK\x07\x08"),
  other("7z", 0, "7z\xbc\xaf\x27\x1c"),
  other("rar", 0, "Rar!\x1a\x07"),
  ...["070701", "070702", "070707"].map((magic) => other("cpio", 0, magic)),
  other("ar", 0, "!<arch>\n"),
  other("rpm", 0, "\xed\xab\xee\xdb"),
  other("cab", 0, "MSCF\0\0\0\0"),
  other("xar", 0, "xar!\0"),
  other("torrent", 0, "d8:announce"),
  other("pdf", 0, "%PDF-"),
  other("png", 0, "\x89PNG\x0d\x0a\x1a\x0a"),
  other("jpeg", 0, "\xff\xd8\xff"),
  other("sqlite", 0, "SQLite format 3\0"),
];

/** The same where the first sector is none that a machine would boot, which has words to spare for anything. */
export const HEADS_WITHOUT_BOOT: readonly Mark[] = [
  other("tar", 257, "ustar"),
  other("elf", 0, "\x7fELF"),
  other("cpio", 0, "\xc7\x71"),
  other("cpio", 0, "\x71\xc7"),
];

export const BOOT_SECTOR = image("a DOS partition table", 510, "\x55\xaa");

/** What plain disks hold, told only of a file that bears another mark as well. */
export const CONTENTS: readonly Mark[] = [
  BOOT_SECTOR,
  image("a GPT", 512, "EFI PART"),
  image("a GPT", 4096, "EFI PART"),
  image("an ext file system", 1080, "\x53\xef"),
  image("swap space", 4086, "SWAPSPACE2"),
  image("an LVM volume", 512, "LABELONE"),
  image("a tar archive", 257, "ustar"),
  image("an ISO 9660 file system", 32769, "CD001"),
  image("a UDF file system", 32769, "BEA01"),
  image("a Btrfs file system", 65600, "_BHRfS_M"),
];

/** In the last sector: a fixed VHD, and Apple's disk image. */
export const VHD_COOKIE = image("vhd", 0, "conectix");
export const DMG_TRAILER = image("dmg", 0, "koly\0\0\0\x04\0\0\x02\0");

/** Whether `bytes`, which begin `start` bytes into the file, bear a mark. */
export const bears = (bytes: Uint8Array, { parts }: Mark, start = 0): boolean =>
  parts.every(([offset, magic]) => hasMagic(bytes, offset - start, magic));
