import { EXTENT_TYPE, FILE_EXTENT, FILE_EXTENT_SIZE, KEY_TYPE, MAX_COMPRESSED } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Volume } from "./volume.ts";

/** How an extent is packed, by its number. */
export const COMPRESSIONS = ["none", "zlib", "lzo", "zstd"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** A part of a file, and where its bytes are. */
export interface FileExtent {
  /** `[start, end)` in the file, bytes. */
  readonly start: number;
  readonly end: number;
  readonly compression: Compression;
  readonly at:
    | { readonly kind: "zeros" }
    /** `bytes` of the item. */
    | { readonly kind: "inline"; readonly bytes: Uint8Array; readonly plain: number }
    /** At `address`, `length` bytes there, of which the file has those from `skip` on (unpacked: of `plain`). */
    | {
        readonly kind: "stored";
        readonly address: number;
        readonly length: number;
        readonly skip: number;
        readonly plain: number;
      };
}

/**
 * The part of inode `inode` that an item describes. Throws `E_BTRFS_EXTENT`, and `E_BTRFS_ENCODING` for what is encrypted
 * or packed in a way that is not known.
 */
export function decodeExtent(volume: Volume, item: Item): FileExtent {
  const bad = (what: string, code = "E_BTRFS_EXTENT") =>
    volume.fault(code, { thing: `inode ${item.objectid} at ${item.offset}`, what, address: item.address });
  const start = item.offset;
  if (item.type !== KEY_TYPE.extent_data || start < 0) throw bad("its extent begins past 2^63");
  if (item.size < FILE_EXTENT.disk_bytenr) throw bad(`its extent has ${item.size} bytes`);
  const compression = COMPRESSIONS[item.u8(FILE_EXTENT.compression)];
  if (!compression) throw bad(`it is packed in way ${item.u8(FILE_EXTENT.compression)}`, "E_BTRFS_ENCODING");
  if (item.u8(FILE_EXTENT.encryption) !== 0) throw bad("it is encrypted", "E_BTRFS_ENCODING");
  if (item.u16(FILE_EXTENT.other_encoding) !== 0) throw bad("it has an encoding of its own", "E_BTRFS_ENCODING");
  const plain = item.u64(FILE_EXTENT.ram_bytes);
  const type = item.u8(FILE_EXTENT.type);
  if (type === EXTENT_TYPE.inline) return inlineExtent(item, compression, plain, bad);
  if (type !== EXTENT_TYPE.regular && type !== EXTENT_TYPE.prealloc) throw bad(`its extent is of type ${type}`);
  if (item.size !== FILE_EXTENT_SIZE) throw bad(`its extent has ${item.size} bytes`);
  return storedExtent(volume, item, compression, plain, bad);
}

type Bad = (what: string) => Error;

/** Only at a file's start; the kernel reads as much of it as the file has. */
function inlineExtent(item: Item, compression: Compression, plain: number, bad: Bad): FileExtent {
  const bytes = item.bytes(FILE_EXTENT.disk_bytenr, item.size - FILE_EXTENT.disk_bytenr);
  if (item.offset !== 0) throw bad("its inline extent is not at its start");
  if (plain <= 0 || plain > 0x1_0000) throw bad(`its inline extent holds ${plain} bytes`);
  if (compression === "none" && bytes.length !== plain)
    throw bad(`its inline extent has ${bytes.length} bytes of ${plain}`);
  return { start: 0, end: plain, compression, at: { kind: "inline", bytes, plain } };
}

function storedExtent(volume: Volume, item: Item, compression: Compression, plain: number, bad: Bad): FileExtent {
  const { sectorsize } = volume.sb.raw;
  const start = item.offset;
  const address = item.u64(FILE_EXTENT.disk_bytenr);
  const length = item.u64(FILE_EXTENT.disk_num_bytes);
  const skip = item.u64(FILE_EXTENT.offset);
  const bytes = item.u64(FILE_EXTENT.num_bytes);
  const end = start + bytes;
  const numbers = [start, address, length, skip, bytes];
  if (numbers.some((value) => value < 0 || value % sectorsize !== 0))
    throw bad("its extent begins or ends within a sector");
  if (bytes === 0 || !Number.isSafeInteger(end)) throw bad(`its extent is ${bytes} bytes long`);
  const isPrealloc = item.u8(FILE_EXTENT.type) === EXTENT_TYPE.prealloc;
  if (address === 0 || isPrealloc) return { start, end, compression: "none", at: { kind: "zeros" } };
  const packed = compression !== "none";
  if (skip + bytes > (packed ? plain : length)) throw bad("its extent goes past what is stored");
  if (packed && (length === 0 || length > MAX_COMPRESSED || plain <= 0 || plain > MAX_COMPRESSED)) {
    throw bad(`its extent packs ${plain} bytes into ${length}`);
  }
  return { start, end, compression, at: { kind: "stored", address, length, skip, plain } };
}
