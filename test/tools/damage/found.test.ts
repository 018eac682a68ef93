import { expect, it } from "vitest";
import { ext4 } from "../../../core/filesystem/ext4/index.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { stream } from "../../../core/source/source.ts";
import { Ext4Image } from "./ext4-image.ts";
import { mendExtents, mendInode, mendSuperblock } from "./ext4-mend.ts";
import { baseImages } from "./images.ts";

/** What campaigns have found, each by itself. */

const { images } = await baseImages();

function copyOf(name: string): { bytes: Uint8Array; fs: Ext4Image } {
  const bytes = images.find((image) => image.name === name)?.bytes.slice() ?? new Uint8Array();
  return { bytes, fs: new Ext4Image(bytes.slice()) };
}

/** The inode that a path leads to, in the image as it was. */
async function inodeOf({ fs }: { fs: Ext4Image }, ...path: string[]): Promise<number> {
  await using whole = await ext4.open(memorySource(fs.bytes));
  let inode = whole.root;
  for (const name of path) inode = (await whole.lookup(inode, new TextEncoder().encode(name))) ?? 0;
  return inode;
}

async function list(bytes: Uint8Array, inode: number): Promise<void> {
  await using damaged = await ext4.open(memorySource(bytes));
  for await (const batch of damaged.entries(inode)) expect(batch.length).toBeGreaterThan(0);
}

async function read(bytes: Uint8Array, inode: number): Promise<void> {
  await using damaged = await ext4.open(memorySource(bytes));
  for await (const piece of stream(await damaged.open(inode))) expect(piece.length).toBeGreaterThan(0);
}

it("a directory's block in the place of another one has the right checksum, and is refused", async () => {
  const image = copyOf("ext4-plain");
  const inode = await inodeOf(image, "many");
  const [, second = 0, third = 0] = image.fs.blocksOf(inode).content;
  image.bytes.copyWithin(second * 1024, third * 1024, (third + 1) * 1024);
  await expect(list(image.bytes, inode)).rejects.toMatchObject({
    code: "E_EXT4_DIRECTORY",
    at: { offset: expect.any(Number) },
  });
});

it("an extent tree that begins past what is below it is refused: it read as zeros", async () => {
  const image = copyOf("ext4-deep");
  const inode = await inodeOf(image, "deep");
  const view = new DataView(image.bytes.buffer);
  view.setUint32(image.fs.inode(inode) + 0x28 + 12, 0xffff0000, true);
  mendInode(image.fs, inode)(image.bytes);
  await expect(read(image.bytes, inode)).rejects.toMatchObject({
    code: "E_EXT4_EXTENT",
    at: { offset: expect.any(Number) },
  });
});

it("an extent that reaches into the next leaf is refused: two leaves map the same blocks", async () => {
  const image = copyOf("ext4-deep");
  const inode = await inodeOf(image, "deep");
  const { maps } = image.fs.blocksOf(inode);
  const isFullLeaf = (block: number) =>
    image.fs.view.getUint16(block * 1024 + 6, true) === 0 && image.fs.view.getUint16(block * 1024 + 2, true) > 80;
  const leaf = maps.find(isFullLeaf) ?? 0;
  const last = leaf * 1024 + 12 * image.fs.view.getUint16(leaf * 1024 + 2, true);
  new DataView(image.bytes.buffer).setUint16(last + 4, 76, true);
  mendExtents(image.fs, inode, leaf)(image.bytes);
  await expect(read(image.bytes, inode)).rejects.toMatchObject({ code: "E_EXT4_EXTENT" });
});

it("a file whose blocks are the inode table or the journal is refused, as by the kernel", async () => {
  const image = copyOf("ext4-plain");
  const inode = await inodeOf(image, "pieces");
  const [map = 0] = image.fs.blocksOf(inode).maps;
  new DataView(image.bytes.buffer).setUint32(map * 1024 + 12 + 8, image.fs.inode(2) >> 10, true);
  mendExtents(image.fs, inode, map)(image.bytes);
  await expect(read(image.bytes, inode)).rejects.toMatchObject({ code: "E_EXT4_EXTENT" });

  const old = copyOf("ext3-dirty");
  const file = await inodeOf(old, "dir", "large");
  const journal = old.fs.blocksOf(8).content[5] ?? 0;
  const [slots = 0] = old.fs.blocksOf(file).maps;
  new DataView(old.bytes.buffer).setUint32(slots * 1024, journal, true);
  await expect(read(old.bytes, file)).rejects.toMatchObject({ code: "E_EXT4_INDIRECT" });
});

it.each([
  ["cluster size", "ext4-plain", 0x1c, 1],
  ["clusters in a group", "ext4-plain", 0x24, 77],
  ["first meta_bg", "ext4-groups", 0x104, 5],
] as const)(
  "a superblock with another %s than its blocks is refused, as by the kernel",
  async (_, name, field, value) => {
    const { bytes, fs } = copyOf(name);
    new DataView(bytes.buffer).setUint32(1024 + field, value, true);
    mendSuperblock(fs)(bytes);
    await expect(ext4.open(memorySource(bytes))).rejects.toMatchObject({
      code: "E_EXT4_SUPERBLOCK",
      at: { offset: 1024 },
    });
  },
);
