import { crc32c } from "../../../core/kit/checksum.ts";
import { type Field, fieldsAt, noMend, type Structure, words } from "./structure.ts";

const BLOCK = 1024;
const DIRECTORY_BLOCK = 4096;
const INODE_SIZE = { 4: 256, 5: 512 } as const;
const SECTOR = 512;

const SUPERBLOCK = {
  magic: [0, 4],
  blocksize: [4, 4],
  dblocks: [8, 8],
  rblocks: [16, 8],
  logstart: [48, 8],
  rootino: [56, 8],
  agblocks: [84, 4],
  agcount: [88, 4],
  logblocks: [96, 4],
  versionnum: [100, 2],
  sectsize: [102, 2],
  inodesize: [104, 2],
  inopblock: [106, 2],
  blocklog: [120, 1],
  sectlog: [121, 1],
  inodelog: [122, 1],
  inopblog: [123, 1],
  agblklog: [124, 1],
  inprogress: [126, 1],
  dirblklog: [192, 1],
  features2: [200, 4],
  bad_features2: [204, 4],
  ro_compat: [212, 4],
  incompat: [216, 4],
  log_incompat: [220, 4],
  meta_uuid: [248, 4],
} as const;
const INODE = {
  magic: [0, 2],
  mode: [2, 2],
  version: [4, 1],
  format: [5, 1],
  onlink: [6, 2],
  nlink: [16, 4],
  big_nextents: [24, 8],
  atime: [32, 8],
  mtime: [40, 8],
  size: [56, 8],
  nextents: [76, 4],
  anextents: [80, 2],
  forkoff: [82, 1],
  aformat: [83, 1],
  flags: [90, 2],
} as const;
const INODE_MORE = { lsn: [112, 8], flags2: [120, 8], crtime: [144, 8], ino: [152, 8], uuid: [160, 4] } as const;
const RECORD = {
  magic: [0, 4],
  cycle: [4, 4],
  version: [8, 4],
  len: [12, 4],
  lsn: [16, 8],
  tail_lsn: [24, 8],
  num_logops: [40, 4],
  cycle_data: [44, 4],
  fmt: [300, 4],
  uuid: [304, 4],
  size: [320, 4],
} as const;

/** Blocks by the 32 bits at their start, and trees of hashes by the 16 at byte 8: length, and where the checksum is. */
const KINDS: Readonly<Record<number, readonly [kind: string, length: number, crc: number]>> = {
  1480868403: ["directory block", DIRECTORY_BLOCK, 4],
  1480868915: ["directory data", DIRECTORY_BLOCK, 4],
  1112359219: ["extents", BLOCK, 64],
  1480675917: ["remote attribute", BLOCK, 12],
  1481854029: ["remote link", BLOCK, 12],
  1480864322: ["directory block", DIRECTORY_BLOCK, -1],
  1480864324: ["directory data", DIRECTORY_BLOCK, -1],
};
const TREES: Readonly<Record<number, readonly [kind: string, length: number, crc: number]>> = {
  15857: ["directory leaf", DIRECTORY_BLOCK, 12],
  15871: ["directory leaf", DIRECTORY_BLOCK, 12],
  16062: ["directory node", DIRECTORY_BLOCK, 12],
  15342: ["attributes", BLOCK, 12],
  54001: ["directory leaf", DIRECTORY_BLOCK, -1],
};

/** Everything that is told by its magic, in use or not. Blocks have 1 KiB. */
export function xfsStructures(bytes: Uint8Array): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const v5 = (view.getUint16(100) & 0xf) === 5;
  const found: Structure[] = [superblock(view, v5)];
  const inodeSize = INODE_SIZE[v5 ? 5 : 4];
  for (let at = SECTOR; at < bytes.length; at += BLOCK / 4) {
    if (view.getUint16(at) === 0x494e && at % inodeSize === 0) found.push(inode(view, at, inodeSize, v5));
    if (at % SECTOR === 0 && view.getUint32(at) === 0xfeedbabe) found.push(record(view, at));
    const kind = at % BLOCK === 0 ? (KINDS[view.getUint32(at)] ?? TREES[view.getUint16(at + 8)]) : undefined;
    if (kind) found.push(block(view, at, kind));
  }
  return found;
}

/** Bytes of files' content, which no checksum covers: `[start, end)` in the image. */
export function xfsContent(bytes: Uint8Array): (readonly [number, number])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ranges: (readonly [number, number])[] = [];
  const file = (at: number) => view.getUint16(at) === 0x494e && view.getUint16(at + 2) >>> 12 === 8;
  for (let at = 0; at < bytes.length; at += SECTOR) {
    if (file(at) && view.getUint8(at + 5) === 2) ranges.push(...extents(view, at + 176, view.getUint32(at + 76)));
    if (view.getUint32(at) === 0x424d4133) ranges.push(...extents(view, at + 72, view.getUint16(at + 6)));
  }
  return ranges;
}

function extents(view: DataView, start: number, count: number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 16;
    const first = view.getUint32(at + 8) * 0x800 + (view.getUint32(at + 12) >>> 21);
    return [first * BLOCK, (first + (view.getUint32(at + 12) & 0x1fffff)) * BLOCK] as const;
  });
}

function superblock(view: DataView, v5: boolean): Structure {
  return {
    kind: "superblock",
    name: "superblock",
    fields: fieldsAt(0, SUPERBLOCK, true),
    tempting: [1, 4, 5, 64, 512, 1024, 4096, 16384, view.getUint32(88)],
    mend: v5 ? mendAt(0, SECTOR, 224) : noMend,
  };
}

function inode(view: DataView, at: number, size: number, v5: boolean): Structure {
  const forks = at + (v5 ? 176 : 100);
  const set = (field: Field) => view.getUint16(field.at) !== 0;
  const own = [...fieldsAt(at, INODE, true), ...(v5 ? fieldsAt(at, INODE_MORE, true) : [])];
  const inForks = [...words("fork", forks, at + size, 2, true), ...words("fork", forks, at + size, 4, true)];
  return {
    kind: "inode",
    name: `inode at ${at}`,
    fields: [...own, ...inForks.filter(set)],
    tempting: [at / size, 128, 0, 1, 2, 3, 8, 0x41ed, 0x81a4, 0xa1ff, 16384, 1024, 0x8000_0000],
    mend: v5 ? mendAt(at, size, 100) : noMend,
  };
}

/** Numbers in use of any width. */
function block(view: DataView, at: number, [kind, length, crc]: readonly [string, number, number]): Structure {
  const set = ({ at: place }: Field) => place + 1 < view.byteLength && view.getUint16(place & ~1) !== 0;
  const end = Math.min(at + length, view.byteLength);
  const fields = ([1, 2, 4, 8] as const).flatMap((size) => words(kind, at, end, size, true).filter(set));
  const tempting = [at / BLOCK, at / SECTOR, 0xffff, 0x2f, 0x2e, 1, 2, 64, 4096, 2 ** 25, 2 ** 25 + 4];
  return { kind, name: `${kind} at ${at}`, fields, tempting, mend: crc < 0 ? noMend : mendAt(at, end - at, crc) };
}

/** Its header, its operations' headers and what items begin with. */
function record(view: DataView, at: number): Structure {
  const length = Math.min(view.getUint32(at + 12), 32 << 10, view.byteLength - at - SECTOR);
  const operations: Field[] = [];
  const start = at + SECTOR;
  for (let place = start, left = view.getUint32(at + 40); left > 0 && place + 12 <= start + length; left--) {
    operations.push(...fieldsAt(place, { tid: [0, 4], len: [4, 4], client: [8, 1], flags: [9, 1] }, true));
    const payload = Math.min(place + 12 + Math.min(view.getUint32(place + 4), 64), start + length);
    operations.push(...words("item", place + 12, payload, 2), ...words("item", place + 12, payload, 4));
    place += 12 + view.getUint32(place + 4);
  }
  return {
    kind: "log record",
    name: `log record at ${at}`,
    fields: [...fieldsAt(at, RECORD, true), ...operations],
    tempting: [0x123b, 0x123c, 0x123f, 0x1244, 0x1246, 1, 2, 3, 4, 8, 0x20, 512, 16384, at / SECTOR],
    mend: mendRecord(at),
  };
}

function mendAt(start: number, length: number, field: number): (image: Uint8Array) => void {
  return (image) => {
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    view.setUint32(start + field, 0);
    view.setUint32(start + field, ~crc32c(0xffffffff, image, start, start + length) >>> 0, true);
  };
}

function mendRecord(at: number): (image: Uint8Array) => void {
  return (image) => {
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    const end = Math.min(at + SECTOR + view.getUint32(at + 12), image.length);
    view.setUint32(at + 32, 0);
    const header = crc32c(0xffffffff, image, at, at + 328);
    view.setUint32(at + 32, ~crc32c(header, image, at + SECTOR, end) >>> 0, true);
  };
}
