import { describe, expect, it } from "vitest";
import { aclToXattr } from "../../../core/filesystem/ext4/acl.ts";
import { blockMap } from "../../../core/filesystem/ext4/block-map.ts";
import { crc16, crc32cOfU32, crc32cOfU64 } from "../../../core/filesystem/ext4/checksum.ts";
import { directoryHash, type HashKind } from "../../../core/filesystem/ext4/hash.ts";
import { ext4 } from "../../../core/filesystem/ext4/index.ts";
import { Inode } from "../../../core/filesystem/ext4/inode.ts";
import { INODE, INODE_FLAG } from "../../../core/filesystem/ext4/layout.ts";
import { replayedSource } from "../../../core/filesystem/ext4/overlay.ts";
import type { Superblock } from "../../../core/filesystem/ext4/superblock.ts";
import { Volume } from "../../../core/filesystem/ext4/volume.ts";
import { crc32c, crc32cAround } from "../../../core/kit/checksum.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { fc } from "../../support/property.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("directory hashes", () => {
  // As debugfs prints them: dx_hash -h KIND NAME.
  const vectors: readonly (readonly [HashKind, boolean, string, number])[] = [
    ["legacy", true, "a", 0xe74b53e2],
    ["legacy", true, "hello world", 0xe0a6a922],
    ["legacy", true, "x".repeat(255), 0x30557da6],
    ["half_md4", true, "a", 0xd5fa7d7a],
    ["half_md4", true, "entry-12345", 0x029a3078],
    ["half_md4", true, "x".repeat(255), 0x2aa7169e],
    ["tea", true, "a", 0x6d0ea4c0],
    ["tea", true, "hello world", 0x09012b8e],
    ["tea", true, "x".repeat(255), 0x6c4c00ee],
    ["legacy", true, "café", 0x96ca5a2c],
    ["half_md4", true, "café", 0xfb9c5e5c],
    ["tea", true, "café", 0x105842ea],
  ];
  it.each(vectors)("%s, signed %s, of %j", (kind, signed, name, hash) => {
    expect(directoryHash(bytes(name), { kind, signed, seed: null })).toBe(hash);
  });

  it("take a seed", () => {
    const seed = [0x67452301, 0xefcdab89, 0xefcdab89, 0x67452301];
    expect(directoryHash(bytes("a"), { kind: "half_md4", signed: true, seed })).not.toBe(0xd5fa7d7a);
  });
});

describe("checksums", () => {
  it("CRC-16 has its check value", () => {
    expect(crc16(0xffff, bytes("123456789"))).toBe(0x4b37);
  });

  it("numbers and zeroed fields are the same as their bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 300 }), fc.nat(), (data, seed) => {
        const zeroed = data.slice().fill(0, 4, 8);
        expect(crc32cAround(seed, data, { at: 4, length: 4 })).toBe(crc32c(seed, zeroed));
        const view = new DataView(data.buffer, data.byteOffset);
        expect(crc32cOfU32(seed, view.getUint32(0, true))).toBe(crc32c(seed, data, 0, 4));
        const wide = view.getUint32(0, true) + (view.getUint32(4, true) & 0x1fffff) * 0x1_0000_0000;
        const stored = new Uint8Array(8);
        new DataView(stored.buffer).setBigUint64(0, BigInt(wide), true);
        expect(crc32cOfU64(seed, wide)).toBe(crc32c(seed, stored));
      }),
    );
  });
});

/** A volume of 100 blocks of 1 KiB, each filled with its number. */
const sb = { blockSize: 1024, blocksCount: 100, firstDataBlock: 1, inodeSize: 128, checksums: false } as Superblock;
const content = Uint8Array.from({ length: 100 * 1024 }, (_, at) => at >> 10);

/** An inode with these 16-bit words in `i_block`. */
function inodeOf(words: readonly number[], flags: number): Inode {
  const view = new DataView(new ArrayBuffer(128));
  view.setUint32(INODE.i_flags, flags, true);
  for (const [index, word] of words.entries()) view.setUint16(INODE.i_block + index * 2, word, true);
  return new Inode(12, view, 0, 4096, sb);
}

/** Extents as [first block, length, start], in the root of a tree. */
function extents(...list: readonly (readonly [number, number, number])[]): Inode {
  const entries = list.flatMap(([block, length, start]) => [block & 0xffff, block >>> 16, length, 0, start, 0]);
  return inodeOf([0xf30a, list.length, 4, 0, 0, 0, ...entries], INODE_FLAG.extents);
}

describe("extents", () => {
  const volume = new Volume(memorySource(content), sb);
  const find = async (inode: Inode, logical: number) => {
    const { start, length, block, hole } = await blockMap(volume, inode).find(logical);
    return [start, length, block, hole];
  };

  it("hold data, holes and uninitialised blocks", async () => {
    const inode = extents([2, 3, 10], [10, 32768 + 5, 20], [20, 1, 30]);
    expect(await find(inode, 0)).toEqual([0, 2, -1, true]);
    expect(await find(inode, 3)).toEqual([3, 2, 11, false]);
    expect(await find(inode, 5)).toEqual([5, 5, -1, true]);
    expect(await find(inode, 11)).toEqual([11, 4, -1, false]);
    expect(await find(inode, 20)).toEqual([20, 1, 30, false]);
    expect((await find(inode, 21))[3]).toBe(true);
  });

  it.each([
    ["overlap", extents([0, 4, 10], [3, 2, 20])],
    ["stand in no order", extents([5, 1, 10], [0, 1, 20])],
    ["leave the file system", extents([0, 4, 98])],
    ["hold the superblock", extents([0, 1, 1])],
    ["are empty", extents([0, 0, 10])],
    ["have no magic", inodeOf([0, 0, 4, 0], INODE_FLAG.extents)],
    ["are too many", inodeOf([0xf30a, 5, 5, 0], INODE_FLAG.extents)],
    ["are too deep", inodeOf([0xf30a, 1, 4, 6, 0, 0, 0, 0, 10], INODE_FLAG.extents)],
  ])("are refused with their place where they %s", (_, inode) => {
    expect(() => blockMap(volume, inode)).toThrow(
      expect.objectContaining({ code: "E_EXT4_EXTENT", at: { file: "memory", offset: 4096 + INODE.i_block } }),
    );
  });

  it("that lead to themselves end", async () => {
    const looped = content.slice();
    const node = new DataView(looped.buffer, 10 * 1024);
    for (const [index, word] of [0xf30a, 1, 84, 1, 0, 0, 0, 0, 10, 0, 0, 0].entries())
      node.setUint16(index * 2, word, true);
    const inode = inodeOf([0xf30a, 1, 4, 2, 0, 0, 0, 0, 10, 0, 0, 0], INODE_FLAG.extents);
    const map = blockMap(new Volume(memorySource(looped), sb), inode);
    await expect((async () => map.find(0))()).rejects.toMatchObject({ code: "E_EXT4_EXTENT", at: { offset: 10240 } });
  });
});

describe("indirect blocks", () => {
  it("run together, and are refused outside the file system", async () => {
    const volume = new Volume(memorySource(content), sb);
    const map = blockMap(volume, inodeOf([10, 0, 11, 0, 0, 0, 13, 0, 500, 0], 0));
    expect(await map.find(0)).toMatchObject({ length: 2, block: 10 });
    expect(await map.find(2)).toMatchObject({ length: 1, block: -1, hole: true });
    expect(() => map.find(4)).toThrow(
      expect.objectContaining({ code: "E_EXT4_INDIRECT", at: { file: "memory", offset: 4096 + INODE.i_block + 16 } }),
    );
  });
});

describe("the journal's overlay", () => {
  it("shows newer copies, magic restored, and hides what peek would show", async () => {
    const replay = new Map([
      [5, { offset: 50 * 1024, escaped: false }],
      [6, { offset: 51 * 1024, escaped: true }],
    ]);
    const overlay = replayedSource(memorySource(content), 1024, replay);
    expect([...(await overlay.read(5 * 1024 - 1, 3))]).toEqual([4, 50, 50]);
    expect([...(await overlay.read(6 * 1024 - 1, 6))]).toEqual([50, 0xc0, 0x3b, 0x39, 0x98, 51]);
    expect([...(await overlay.read(6 * 1024 + 1020, 8))]).toEqual([51, 51, 51, 51, 7, 7, 7, 7]);
    expect(overlay.peek?.(5 * 1024, 10)).toBeUndefined();
    expect(overlay.peek?.(7 * 1024, 1)?.[0]).toBe(7);
  });
});

describe("ACLs", () => {
  it("are shown as getxattr shows them, malformed ones are not", () => {
    const stored = Uint8Array.of(1, 0, 0, 0, 1, 0, 6, 0, 2, 0, 7, 0, 0xe8, 3, 0, 0, 4, 0, 4, 0);
    const shown = "02000000 01000600ffffffff 02000700e8030000 04000400ffffffff".replaceAll(" ", "");
    expect(Buffer.from(aclToXattr(stored) ?? []).toString("hex")).toBe(shown);
    expect(aclToXattr(stored.subarray(0, 13))).toBeNull();
    expect(aclToXattr(Uint8Array.of(2, 0, 0, 0))).toBeNull();
  });
});

describe("noise", () => {
  it("is no file system, and a superblock of noise is refused with its place", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 4096 }), async (data) => {
        const image = new Uint8Array(8192);
        image.set(data, 1024);
        expect(typeof (await ext4.probe(memorySource(image)))).toBe("boolean");
        image.set([0x53, 0xef], 1024 + 0x38);
        expect(await ext4.probe(memorySource(image))).toBe(true);
        await expect(ext4.open(memorySource(image))).rejects.toMatchObject({
          code: expect.stringMatching(/^E_EXT4_/),
          at: { file: "memory", offset: 1024 },
        });
      }),
    );
  });
});
