import { crc32c } from "../../../core/kit/checksum.ts";
import { type Ext4Image, le32 } from "./ext4-image.ts";

/** Puts the right checksums into changed structures. `fs` is the image as it was: places and seeds come from there. */
type Mend = (image: Uint8Array) => void;

function viewOf(fs: Ext4Image, image: Uint8Array): DataView {
  return new DataView(image.buffer, image.byteOffset + fs.base, image.byteLength - fs.base);
}

function bytesOf(fs: Ext4Image, image: Uint8Array, start: number, end: number): Uint8Array {
  return image.slice(fs.base + start, fs.base + end);
}

export function mendSuperblock(fs: Ext4Image): Mend {
  return (image) => {
    if (!fs.hasChecksums) return;
    viewOf(fs, image).setUint32(1024 + 0x3fc, crc32c(~0 >>> 0, bytesOf(fs, image, 1024, 1024 + 0x3fc)), true);
  };
}

export function mendDescriptor(fs: Ext4Image, group: number): Mend {
  return (image) => {
    if (!fs.hasGroupChecksums) return;
    const at = fs.descriptor(group);
    const view = viewOf(fs, image);
    view.setUint16(at + 0x1e, 0, true);
    const bytes = bytesOf(fs, image, at, at + fs.descSize);
    if (fs.hasChecksums) return view.setUint16(at + 0x1e, crc32c(crc32c(fs.seed, le32(group)), bytes) & 0xffff, true);
    const uuid = fs.bytes.slice(1024 + 0x68, 1024 + 0x78);
    const whole = [...uuid, ...le32(group), ...bytes.subarray(0, 0x1e), ...bytes.subarray(0x20)];
    view.setUint16(at + 0x1e, crc16(whole), true);
  };
}

function crc16(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xa001 : 0);
  }
  return crc;
}

export function mendInode(fs: Ext4Image, number: number): Mend {
  return (image) => {
    if (!fs.hasChecksums) return;
    const at = fs.inode(number);
    const view = viewOf(fs, image);
    const wide = fs.inodeSize > 128 && view.getUint16(at + 0x80, true) >= 4;
    view.setUint16(at + 0x7c, 0, true);
    if (wide) view.setUint16(at + 0x82, 0, true);
    const bytes = bytesOf(fs, image, at, at + fs.inodeSize);
    const sum = crc32c(crc32c(crc32c(fs.seed, le32(number)), bytes.slice(0x64, 0x68)), bytes);
    view.setUint16(at + 0x7c, sum & 0xffff, true);
    if (wide) view.setUint16(at + 0x82, sum >>> 16, true);
  };
}

export function mendLeaf(fs: Ext4Image, number: number, block: number): Mend {
  return (image) => {
    if (!fs.hasChecksums) return;
    const at = block * fs.blockSize;
    const end = at + fs.blockSize;
    viewOf(fs, image).setUint32(end - 4, crc32c(fs.inodeSeed(number), bytesOf(fs, image, at, end - 12)), true);
  };
}

/** `counts`: where limit and count stand in an index block. */
export function mendIndex(fs: Ext4Image, number: number, block: number, counts: number): Mend {
  return (image) => {
    if (!fs.hasChecksums) return;
    const at = block * fs.blockSize;
    const view = viewOf(fs, image);
    const tail = at + counts + view.getUint16(at + counts, true) * 8;
    const used = at + counts + view.getUint16(at + counts + 2, true) * 8;
    if (tail + 8 > at + fs.blockSize || used > tail) return;
    const entries = crc32c(fs.inodeSeed(number), bytesOf(fs, image, at, used));
    const sum = crc32c(crc32c(entries, bytesOf(fs, image, tail, tail + 4)), le32(0));
    view.setUint32(tail + 4, sum, true);
  };
}

export function mendExtents(fs: Ext4Image, number: number, block: number): Mend {
  return (image) => {
    if (!fs.hasChecksums) return;
    const at = block * fs.blockSize;
    const view = viewOf(fs, image);
    const tail = 12 * (1 + view.getUint16(at + 4, true));
    if (tail + 4 > fs.blockSize) return;
    view.setUint32(at + tail, crc32c(fs.inodeSeed(number), bytesOf(fs, image, at, at + tail)), true);
  };
}

export function mendXattrs(fs: Ext4Image, block: number): Mend {
  return (image) => {
    if (!fs.hasChecksums) return;
    const at = block * fs.blockSize;
    const view = viewOf(fs, image);
    view.setUint32(at + 0x10, 0, true);
    const seed = crc32c(crc32c(fs.seed, le32(block)), le32(0));
    view.setUint32(at + 0x10, crc32c(seed, bytesOf(fs, image, at, at + fs.blockSize)), true);
  };
}
