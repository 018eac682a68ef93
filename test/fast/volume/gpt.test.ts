import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { openVolumes } from "../../../core/volume/index.ts";
import {
  DISK_GUID,
  LINUX_TYPE,
  type MadePartition,
  makeGpt,
  partitionGuid,
  writeMbr,
} from "../../support/partitions.ts";
import { fc } from "../../support/property.ts";

const SECTORS = 600;
const open = (disk: Uint8Array) => openVolumes(memorySource(disk, "disk"));

const partitions = fc
  .uniqueArray(fc.integer({ min: 40, max: 540 }), { minLength: 0, maxLength: 20 })
  .chain((starts) => {
    const sorted = starts.toSorted((a, b) => a - b);
    const slots = fc.uniqueArray(fc.integer({ min: 1, max: 128 }), {
      minLength: sorted.length,
      maxLength: sorted.length,
    });
    const names = fc.array(fc.string({ maxLength: 36 }), { minLength: sorted.length, maxLength: sorted.length });
    return fc.tuple(slots, names, fc.boolean()).map(([numbers, labels, bootable]) =>
      sorted.map((first, index): MadePartition => {
        const last = (sorted[index + 1] ?? 541) - 1;
        return { slot: numbers[index] ?? 1, first, last, name: (labels[index] ?? "").replaceAll("\0", "x"), bootable };
      }),
    );
  });
const sectorSizes = fc.constantFrom(512, 4096);

function expected(made: readonly MadePartition[], sectorSize: number) {
  return made
    .toSorted((a, b) => a.slot - b.slot)
    .map(({ slot, first, last, name, bootable }) => ({
      number: slot,
      start: first * sectorSize,
      size: (last - first + 1) * sectorSize,
      type: LINUX_TYPE,
      uuid: partitionGuid(slot),
      name,
      bootable,
    }));
}

test("any table is read back, with sectors of either size", async () => {
  await fc.assert(
    fc.asyncProperty(partitions, sectorSizes, async (made, sectorSize) => {
      const table = await open(makeGpt(sectorSize, SECTORS, made));
      expect(table).toMatchObject({ scheme: "gpt", uuid: DISK_GUID, sectorSize, warnings: [] });
      expect(table?.volumes.map(({ source: _, ...rest }) => rest)).toEqual(expected(made, sectorSize));
    }),
    { numRuns: 60 },
  );
});

test("a volume's bytes are the disk's", async () => {
  const disk = makeGpt(512, SECTORS, [{ slot: 3, first: 50, last: 59, name: "x", bootable: false }]);
  disk.fill(0x77, 50 * 512, 60 * 512);
  const [volume] = (await open(disk))?.volumes ?? [];
  expect(volume?.source.name).toBe("disk#3");
  expect((await volume?.source.read(0, 5120))?.every((byte) => byte === 0x77)).toBe(true);
  await expect(volume?.source.read(0, 5121)).rejects.toMatchObject({ code: "E_SOURCE_BOUNDS" });
});

test("one fault anywhere in either copy still gives the same partitions", async () => {
  const fault = fc.record({
    made: partitions,
    sectorSize: sectorSizes,
    place: fc.nat(92 + 128 * 128 - 1),
    backup: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fault, fc.integer({ min: 1, max: 255 }), async ({ made, sectorSize, place, backup }, flip) => {
      const disk = makeGpt(sectorSize, SECTORS, made);
      const span = (128 * 128) / sectorSize;
      const [header, entries] = backup ? [SECTORS - 1, SECTORS - 1 - span] : [1, 2];
      const at = place < 92 ? header * sectorSize + place : entries * sectorSize + place - 92;
      disk[at] = (disk[at] ?? 0) ^ flip;
      const table = await open(disk);
      expect(table?.volumes.map(({ source: _, ...rest }) => rest)).toEqual(expected(made, sectorSize));
      expect(table?.warnings).toHaveLength(backup ? 0 : 1);
    }),
    { numRuns: 150 },
  );
});

describe("whose table it is", () => {
  const made: MadePartition[] = [{ slot: 1, first: 40, last: 99, name: "", bootable: false }];

  test("an MBR without a protective entry goes before a GPT left over", async () => {
    const disk = makeGpt(512, SECTORS, made);
    disk.fill(0, 0, 512);
    writeMbr(disk, [{ slot: 1, type: 0x83, start: 64, count: 10 }]);
    expect(await open(disk)).toMatchObject({ scheme: "mbr", volumes: [{ number: 1, start: 64 * 512 }] });
  });

  test("a hybrid MBR is a GPT", async () => {
    const disk = makeGpt(512, SECTORS, made);
    writeMbr(disk, [{ slot: 2, type: 0x0c, start: 40, count: 60, status: 0x80 }]);
    expect(await open(disk)).toMatchObject({ scheme: "gpt" });
  });

  test("a wiped first sector leaves the table readable, with a warning", async () => {
    const disk = makeGpt(512, SECTORS, made).fill(0, 0, 512);
    expect((await open(disk))?.warnings.join()).toContain("protective MBR is missing");
  });

  test("a backup alone below something else is left over", async () => {
    const disk = makeGpt(512, SECTORS, made).fill(0, 0, 34 * 512);
    expect(await open(disk)).toMatchObject({ scheme: "gpt" });
    disk.set(new TextEncoder().encode("SWAPSPACE2"), 4086);
    expect(await open(disk)).toBeNull();
  });
});

describe("entries that lead nowhere", () => {
  const place = (first: number, last: number) => [{ slot: 1, first, last, name: "", bootable: false }];
  test.each([
    ["past the end", place(10_000, 10_001), "left out"],
    ["backwards", place(60, 50), "left out"],
    ["over the end", place(590, 2 ** 45), "cut off"],
    ["past all numbers", place(2 ** 55, 2 ** 56), "left out"],
  ])("%s", async (_name, made, says) => {
    const table = await open(makeGpt(512, SECTORS, made));
    expect(table?.warnings.join()).toContain(says);
    expect(table?.volumes).toHaveLength(says === "cut off" ? 1 : 0);
  });

  test("overlaps are said", async () => {
    const made = [...place(50, 100), { slot: 2, first: 100, last: 110, name: "", bootable: false }];
    expect((await open(makeGpt(512, SECTORS, made)))?.warnings).toEqual(["Partitions 1 and 2 overlap"]);
  });
});

test("mutations of headers, their checksums mended, end in an answer or an error with a place", async () => {
  const bytes = fc.array(fc.tuple(fc.nat(91), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(partitions, sectorSizes, bytes, async (made, sectorSize, changes) => {
      const disk = makeGpt(sectorSize, SECTORS, made);
      for (const lba of [1, SECTORS - 1]) {
        const header = disk.subarray(lba * sectorSize, lba * sectorSize + 92);
        for (const [at, byte] of changes) header[at] = byte;
        header.fill(0, 16, 20);
        new DataView(header.buffer, header.byteOffset).setUint32(16, crc32(header), true);
      }
      const result = await open(disk).catch((error: unknown) => error);
      if (result instanceof Error) {
        expect(result).toBeInstanceOf(GuestkitError);
        expect((result as GuestkitError).at?.file).toBe("disk");
      }
    }),
    { numRuns: 300 },
  );
});
