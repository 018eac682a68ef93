import { describe, expect, test } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import { openVolumes } from "../../../core/volume/index.ts";
import { type MadeEntry, writeMbr } from "../../support/partitions.ts";
import { fc } from "../../support/property.ts";

const SECTORS = 400;
const open = (disk: Uint8Array) => openVolumes(memorySource(disk, "disk"));
const disk = () => new Uint8Array(SECTORS * 512);

/** A primary table and a chain of logical partitions inside sectors 100 to 399. */
function withChain(logical: readonly (readonly MadeEntry[])[], sectors: readonly number[]): Uint8Array {
  const made = disk();
  writeMbr(made, [
    { slot: 1, type: 0x83, start: 2, count: 50 },
    { slot: 2, type: 0x0f, start: 100, count: 300 },
  ]);
  logical.forEach((entries, index) => {
    writeMbr(made, entries, sectors[index]);
  });
  return made;
}

const numbers = async (made: Uint8Array) => {
  const table = await open(made);
  return { numbers: table?.volumes.map(({ number, start }) => [number, start / 512]), warnings: table?.warnings ?? [] };
};

test("types, flags and identifiers are written as the kernel does", async () => {
  const made = disk();
  new DataView(made.buffer).setUint32(440, 0x0012abcd, true);
  writeMbr(made, [{ slot: 2, type: 0x0c, start: 10, count: 5, status: 0x80 }]);
  expect(await open(made)).toMatchObject({
    scheme: "mbr",
    uuid: "0012abcd",
    sectorSize: 512,
    volumes: [{ number: 2, start: 5120, size: 2560, type: "0x0c", name: null, uuid: "0012abcd-02", bootable: true }],
  });
});

test("a disk without a signature has no PARTUUIDs", async () => {
  const made = disk();
  writeMbr(made, [{ slot: 1, type: 0x83, start: 10, count: 5 }]);
  expect(await open(made)).toMatchObject({ uuid: null, volumes: [{ uuid: null }] });
});

describe("logical partitions", () => {
  test("count from 5, relative to their own link", async () => {
    const made = withChain(
      [
        [
          { slot: 1, type: 0x83, start: 5, count: 10 },
          { slot: 2, type: 0x05, start: 50, count: 60 },
        ],
        [{ slot: 1, type: 0x82, start: 7, count: 10 }],
      ],
      [100, 150],
    );
    expect(await numbers(made)).toEqual({
      numbers: [
        [1, 2],
        [5, 105],
        [6, 157],
      ],
      warnings: [],
    });
  });

  test("the link may stand first, as DR-DOS writes it, and garbage behind does not count", async () => {
    const made = withChain(
      [
        [
          { slot: 1, type: 0x05, start: 50, count: 60 },
          { slot: 3, type: 0x83, start: 0xfffffff0, count: 5 },
        ],
        [{ slot: 1, type: 0x82, start: 7, count: 10 }],
      ],
      [100, 150],
    );
    expect(await numbers(made)).toEqual({
      numbers: [
        [1, 2],
        [5, 157],
      ],
      warnings: [],
    });
  });

  test.each([
    ["comes back to itself", [{ slot: 2, type: 0x05, start: 0, count: 60 }]],
    ["signature is missing", [{ slot: 2, type: 0x05, start: 90, count: 60 }]],
    ["past the disk's end", [{ slot: 2, type: 0x05, start: 1_000_000, count: 60 }]],
  ])("a chain that ends badly: %s", async (says, link) => {
    const made = withChain([[{ slot: 1, type: 0x83, start: 5, count: 10 }, ...link]], [100]);
    const { numbers: found, warnings } = await numbers(made);
    expect(found).toEqual([
      [1, 2],
      [5, 105],
    ]);
    expect(warnings.join()).toContain(says);
  });
});

describe("no table", () => {
  test("of a disk that is empty, short or without 55 AA", async () => {
    for (const size of [0, 1, 511, 512, 5000]) expect(await open(new Uint8Array(size))).toBeNull();
  });

  test.each([
    ["FAT", 0, [0xeb, 0x3c, 0x90, ...Buffer.from("mkfs.fat"), 0, 2, 4, 1, 0, 2, 0, 2, 0, 0x50, 0xf8]],
    ["NTFS", 0, [0xeb, 0x52, 0x90, ...Buffer.from("NTFS    ")]],
    ["exFAT", 0, [0xeb, 0x76, 0x90, ...Buffer.from("EXFAT   ")]],
    ["ext4 with a boot loader's sector", 1024 + 56, [0x53, 0xef]],
    ["code where the flags would be", 446, [0x31]],
  ])("of a file system's boot sector: %s", async (_name, at, bytes) => {
    const made = disk();
    writeMbr(made, []);
    made.set(bytes, at);
    expect(await open(made)).toBeNull();
  });
});

test("any sectors end in an answer", async () => {
  const entry = fc.record({
    slot: fc.integer({ min: 1, max: 4 }),
    type: fc.constantFrom(0, 5, 0x0f, 0x85, 0x83, 0xee),
    start: fc.oneof(fc.nat(SECTORS), fc.nat(0xffffffff)),
    count: fc.oneof(fc.nat(SECTORS), fc.nat(0xffffffff)),
  });
  const sectors = fc.array(fc.tuple(fc.nat(SECTORS - 1), fc.array(entry, { maxLength: 4 })), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(sectors, fc.array(entry, { maxLength: 4 }), async (links, first) => {
      const made = disk();
      for (const [sector, entries] of links) writeMbr(made, entries, sector);
      writeMbr(made, first);
      const result = await open(made).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toMatchObject({ code: "E_GPT_DAMAGED" });
    }),
    { numRuns: 500 },
  );
});
