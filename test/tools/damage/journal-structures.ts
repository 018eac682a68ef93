import { crc32c } from "../../../core/kit/checksum.ts";
import type { Ext4Image } from "./ext4-image.ts";
import { fieldsAt, type Structure, words } from "./structure.ts";

const JOURNAL_INODE = 8;
const MAGIC = 0xc03b3998;
const KINDS: Readonly<Record<number, string>> = { 1: "descriptor", 2: "commit", 5: "revoke" };
const JOURNAL = {
  magic: [0, 4],
  blocktype: [4, 4],
  blocksize: [0xc, 4],
  maxlen: [0x10, 4],
  first: [0x14, 4],
  sequence: [0x18, 4],
  start: [0x1c, 4],
  compat: [0x24, 4],
  incompat: [0x28, 4],
  ro_compat: [0x2c, 4],
  checksum_type: [0x50, 1],
  fast_blocks: [0x54, 4],
} as const;

/** The journal's superblock, and the blocks of its log that describe others. */
export function journalStructures(fs: Ext4Image): Structure[] {
  if ((fs.view.getUint32(1024 + 0x5c, true) & 4) === 0) return [];
  const { content } = fs.blocksOf(JOURNAL_INODE);
  const first = content[0];
  if (first === undefined) return [];
  const at = first * fs.blockSize;
  const hasChecksums = (fs.view.getUint32(at + 0x28) & 0x18) !== 0;
  const seed = crc32c(~0 >>> 0, fs.bytes.slice(at + 0x30, at + 0x40));
  const superblock: Structure = {
    kind: "journal superblock",
    name: "journal superblock",
    fields: fieldsAt(fs.base + at, JOURNAL, true),
    tempting: [1, 2, content.length, content.length - 1, first],
    mend: mendAt(fs, hasChecksums, first, ~0 >>> 0, 0xfc),
  };
  const log = content.slice(1).filter((block) => fs.view.getUint32(block * fs.blockSize) === MAGIC);
  return [superblock, ...log.flatMap((block) => logStructure(fs, block, hasChecksums, seed))];
}

function logStructure(fs: Ext4Image, block: number, hasChecksums: boolean, seed: number): Structure[] {
  const at = block * fs.blockSize;
  const kind = KINDS[fs.view.getUint32(at + 4)];
  if (!kind) return [];
  const checksum = kind === "commit" ? 0x10 : fs.blockSize - 4;
  const end = kind === "commit" ? 0x40 : 160;
  const start = fs.base + at;
  return [
    {
      kind: `journal ${kind}`,
      name: `journal ${kind} in ${block}`,
      fields: [
        ...words("header", start, start + 12, 4, true),
        ...words("word", start + 12, start + end, 2, true),
        ...words("word", start + 12, start + end, 4, true),
      ],
      tempting: [1, 2, block, fs.blocks, fs.blocks - 1, 12, 16, 1020, 1024],
      mend: mendAt(fs, hasChecksums, block, seed, checksum),
    },
  ];
}

function mendAt(fs: Ext4Image, hasChecksums: boolean, block: number, seed: number, checksum: number) {
  return (image: Uint8Array): void => {
    if (!hasChecksums) return;
    const at = fs.base + block * fs.blockSize;
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    view.setUint32(at + checksum, 0);
    view.setUint32(at + checksum, crc32c(seed, image.slice(at, at + fs.blockSize)));
  };
}
