import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import { type Extent, openVolumes, type ResizedTable, type VolumeTable } from "../../../core/volume/index.ts";
import { type MadePartition, makeGpt, writeMbr } from "../../support/partitions.ts";
import { fc } from "../../support/property.ts";

const SECTORS = 600;

async function open(disk: Uint8Array): Promise<VolumeTable> {
  const table = await openVolumes(memorySource(disk, "disk"));
  if (!table) throw new Error("no table");
  return table;
}

/** The disk as it is once the ranges are written. */
function written(disk: Uint8Array, size: number, { ranges }: ResizedTable): Uint8Array {
  const larger = new Uint8Array(size);
  larger.set(disk);
  for (const { offset, bytes } of ranges) larger.set(bytes, offset);
  return larger;
}

const byNumber = (extents: readonly Extent[]) => Object.fromEntries(extents.map((each) => [each.number, each]));

/** Bytes that tell where they were, in every partition. */
function mark(disk: Uint8Array, extents: readonly Extent[]): void {
  for (const { number, start, size } of extents) {
    disk.fill(number, start, start + size);
    disk[start] = 0x5a;
  }
}

/** Nothing of a partition was written to, and each stands where it stood. */
function expectKept(before: Uint8Array, after: Uint8Array, was: VolumeTable, now: VolumeTable, grown: number | null) {
  const found = byNumber(now.extents);
  expect(now.extents.map(({ number }) => number)).toEqual(was.extents.map(({ number }) => number));
  for (const extent of was.extents) {
    const { start, size } = extent;
    expect(Buffer.compare(before.subarray(start, start + size), after.subarray(start, start + size))).toBe(0);
    if (extent.number !== grown) expect(found[extent.number]).toEqual(extent);
    else expect(found[extent.number]).toMatchObject({ start });
  }
}

/** Sorted starts, each partition up to the next one's or shorter. */
const partitions = fc
  .uniqueArray(fc.integer({ min: 40, max: 520 }), { minLength: 1, maxLength: 12 })
  .chain((starts) => fc.tuple(fc.constant(starts.toSorted((a, b) => a - b)), fc.integer({ min: 0, max: 9 })))
  .map(([starts, gap]) =>
    starts.map((first, index): MadePartition => {
      const end = (starts[index + 1] ?? 541) - 1;
      const last = Math.max(first, end - gap);
      return { slot: (index * 7) % 128 || 128, first, last, name: `p${index}`, bootable: index === 2 };
    }),
  );

/** What may be wrong with a table that is read all the same. */
const damages: Readonly<Record<string, (disk: Uint8Array, sector: number) => void>> = {
  none: () => {},
  "primary header": (disk, sector) => disk.fill(0, sector, 2 * sector),
  "primary entries": (disk, sector) => disk.fill(0xff, 2 * sector, 2 * sector + 40),
  "all before the first partition": (disk, sector) => disk.fill(0, 0, 34 * sector),
  "backup header": (disk, sector) => disk.fill(0x11, disk.length - sector),
  "backup entries": (disk, sector) => disk.fill(0x22, disk.length - sector - 16384, disk.length - sector),
  "protective MBR": (disk) => disk.fill(0, 446, 512),
};

describe("a GPT of any kind, damaged in one place", () => {
  test.each(Object.entries(damages))("%s: is whole in both copies after it grew", async (_name, damage) => {
    const growths = fc.record({
      made: partitions,
      sectorSize: fc.constantFrom(512, 4096),
      more: fc.integer({ min: 1, max: 200_000 }),
      grows: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(growths, async ({ made, sectorSize, more, grows }) => {
        const disk = makeGpt(sectorSize, SECTORS, made);
        disk.fill(0x90, 0, damage === damages["protective MBR"] ? 440 : 0);
        mark(disk, (await open(disk)).extents);
        damage(disk, sectorSize);
        const was = await open(disk);
        const last = was.extents.reduce((a, b) => (a.start > b.start ? a : b)).number;
        const size = disk.length + more;
        const resized = await was.resize(size, grows ? last : null);
        const after = written(disk, size, resized);
        const now = await open(after);
        expect([now.warnings, await now.faults()]).toEqual([[], []]);
        expectKept(disk, after, was, now, resized.grown?.number ?? null);
        expect([now.uuid, now.sectorSize, now.end > size - sectorSize]).toEqual([was.uuid, sectorSize, true]);
        expect(Buffer.compare(disk.subarray(0, 440), after.subarray(0, 440))).toBe(0);
        if (resized.grown) expect(size - resized.grown.start - resized.grown.size).toBeLessThan(4096 + 34 * sectorSize);
        // Each copy alone says the same.
        for (const wiped of [sectorSize, size - (size % sectorSize) - sectorSize]) {
          const half = after.slice().fill(0, wiped, wiped + sectorSize);
          expect((await open(half)).extents).toEqual(now.extents);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe("where a GPT's parts stand", () => {
  const made: MadePartition[] = [{ slot: 1, first: 200, last: 560, name: "", bootable: false }];

  test("entries of the primary that were moved further in stay there", async () => {
    const disk = moved(makeGpt(512, SECTORS, made), 100);
    disk.fill(0xb0, 2 * 512, 100 * 512);
    const resized = await (await open(disk)).resize(disk.length + 4096, 1);
    const after = written(disk, disk.length + 4096, resized);
    expect(await (await open(after)).faults()).toEqual([]);
    expect(after.subarray(1024, 100 * 512).every((byte) => byte === 0xb0)).toBe(true);
  });

  test("they are found again where only the header is lost", async () => {
    const disk = moved(makeGpt(512, SECTORS, made), 100);
    disk.fill(0xb0, 2 * 512, 100 * 512).fill(0, 512, 1024);
    const resized = await (await open(disk)).resize(disk.length + 4096, 1);
    const after = written(disk, disk.length + 4096, resized);
    expect(await (await open(after)).faults()).toEqual([]);
    expect(after.subarray(1024, 100 * 512).every((byte) => byte === 0xb0)).toBe(true);
  });

  test("what stands in the place of lost entries is not written over", async () => {
    const disk = makeGpt(512, SECTORS, made).fill(0xb0, 512, 34 * 512);
    const table = await open(disk);
    expect(await table.faults()).toEqual(["the primary GPT is damaged (its signature is missing)"]);
    await expect(table.resize(disk.length + 4096, 1)).rejects.toMatchObject({ code: "E_GPT_DAMAGED" });
  });

  test("entries that stand within a partition, as those of hybrid ISO images, stay where they are", async () => {
    const disk = makeGpt(512, SECTORS, [{ slot: 1, first: 0, last: 500, name: "", bootable: false }]);
    const { ranges } = await (await open(disk)).resize(disk.length + 4096, null);
    expect(ranges.map(({ offset }) => offset)).toContain(1024);
    disk.fill(0, 512, 1024);
    await expect((await open(disk)).resize(disk.length + 4096, null)).rejects.toMatchObject({ code: "E_GPT_DAMAGED" });
  });

  test("a backup left in the middle is told, and ends the disk that the table was written for", async () => {
    const disk = new Uint8Array(SECTORS * 512 + (4 << 20));
    disk.set(makeGpt(512, SECTORS, made));
    const table = await open(disk);
    expect(table.end).toBe(SECTORS * 512);
    expect(await table.faults()).toEqual(["the backup GPT stands at sector 599 and not at the disk's end"]);
  });

  test("a partition past the end is refused where the new disk cannot hold it either", async () => {
    const disk = makeGpt(512, SECTORS, made).slice(0, 500 * 512);
    const table = await open(disk);
    await expect(table.resize(580 * 512, 1)).rejects.toMatchObject({ code: "E_TABLE_ROOM" });
    const { grown } = await table.resize(700 * 512, 1);
    expect(grown).toMatchObject({ start: 200 * 512, oldSize: 361 * 512 });
  });

  /** As `sgdisk -j`: the entries start at sector `lba`, and so does what may be used behind them. */
  function moved(disk: Uint8Array, lba: number): Uint8Array {
    disk.copyWithin(lba * 512, 2 * 512, 34 * 512);
    for (const at of [512, disk.length - 512]) {
      const view = new DataView(disk.buffer, at, 92);
      view.setBigUint64(40, BigInt(lba + 32), true);
      if (at === 512) view.setBigUint64(72, BigInt(lba), true);
      mend(disk.subarray(at, at + 92));
    }
    return disk;
  }
});

describe("the MBR before a GPT", () => {
  const made: MadePartition[] = [
    { slot: 1, first: 40, last: 99, name: "", bootable: false },
    { slot: 2, first: 100, last: 560, name: "", bootable: false },
  ];
  const size = SECTORS * 512 + (1 << 20);
  const grow = async (entries: Parameters<typeof writeMbr>[1]) => {
    const disk = makeGpt(512, SECTORS, made);
    disk.fill(0, 446, 510);
    writeMbr(disk, entries);
    const resized = await (await open(disk)).resize(size, 2);
    return { view: new DataView(written(disk, size, resized).buffer), resized };
  };
  const place = (view: DataView, slot: number) => [
    view.getUint8(430 + 16 * slot),
    view.getUint32(438 + 16 * slot, true),
    view.getUint32(442 + 16 * slot, true),
  ];

  test("a protective entry covers the disk, in whichever slot, and keeps its flag", async () => {
    const { view } = await grow([{ slot: 3, type: 0xee, start: 1, count: 599, status: 0x80 }]);
    expect(place(view, 3)).toEqual([0x80, 1, size / 512 - 1]);
  });

  test("a hybrid one's entries stay, but for the last that tells of what grew", async () => {
    const { view, resized } = await grow([
      { slot: 1, type: 0xee, start: 1, count: 39 },
      { slot: 2, type: 0x0c, start: 40, count: 60, status: 0x80 },
      { slot: 3, type: 0x83, start: 100, count: 461 },
    ]);
    expect([1, 2, 3].map((slot) => place(view, slot))).toEqual([
      [0, 1, 39],
      [0x80, 40, 60],
      [0, 100, (resized.grown?.size ?? 0) / 512],
    ]);
    expect(resized.notes).toEqual([]);
  });

  test("one that stands before others stays, and that is said", async () => {
    const { view, resized } = await grow([
      { slot: 1, type: 0xee, start: 1, count: 39 },
      { slot: 2, type: 0x83, start: 100, count: 461 },
      { slot: 3, type: 0xee, start: 561, count: 39 },
    ]);
    expect(place(view, 2)).toEqual([0, 100, 461]);
    expect(resized.notes.join()).toContain("Entry 2 of the hybrid MBR stays");
  });
});

describe("an MBR", () => {
  /** Logical partitions one after another in an extended one up to the end, linked in a random order. */
  const chains = fc.record({
    lengths: fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 6 }),
    seed: fc.infiniteStream(fc.nat()),
    slots: fc.constantFrom<readonly [number, number]>([1, 2], [2, 1], [1, 4], [3, 2]),
    more: fc.integer({ min: 16, max: 5000 }),
  });

  test("any chain of logical partitions grows with the one at the end, whatever its place in the chain", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async ({ lengths, seed, slots, more }) => {
        const { disk, lastStart } = linked(lengths, seed, slots);
        const was = await open(disk);
        mark(disk, was.extents);
        const last = was.extents.find(({ start }) => start === lastStart * 512);
        const size = disk.length + more * 512;
        const resized = await was.resize(size, last?.number ?? 0);
        const after = written(disk, size, resized);
        const now = await open(after);
        expect(now.warnings).toEqual([]);
        expectKept(disk, after, was, now, resized.grown?.number ?? null);
        expect(size - (resized.grown?.start ?? 0) - (resized.grown?.size ?? 0)).toBeLessThan(4096);
        // The extended partition covers what lies in it.
        const extended = new DataView(after.buffer, 446 + 16, 16);
        const reach = (extended.getUint32(8, true) + extended.getUint32(12, true)) * 512;
        expect(reach).toBe((resized.grown?.start ?? 0) + (resized.grown?.size ?? 0));
      }),
      { numRuns: 40 },
    );
  });

  function linked(lengths: readonly number[], seed: Iterator<number>, [own, next]: readonly [number, number]) {
    const base = 100;
    let at = base;
    const places = lengths.map((length) => {
      const place = { link: at, start: 2, count: length };
      at += 2 + length;
      return place;
    });
    const disk = new Uint8Array(at * 512);
    writeMbr(disk, [
      { slot: 1, type: 0x83, start: 2, count: 50 },
      { slot: 2, type: 0x0f, start: base, count: at - base },
    ]);
    const [head, ...rest] = places;
    const order = [head, ...rest.toSorted(() => ((seed.next().value ?? 0) % 2 ? 1 : -1))];
    for (const [index, place] of order.entries()) {
      if (!place) continue;
      const follower = order[index + 1];
      const pointer = follower && {
        ...{ slot: next, type: 0x05, start: follower.link - base, count: follower.count + 2 },
      };
      writeMbr(disk, [{ slot: own, type: 0x83, ...place }, ...(pointer ? [pointer] : [])], place.link);
    }
    return { disk, lastStart: (places.at(-1)?.link ?? 0) + 2 };
  }

  test("reaches no further than 2 TiB, and says so", async () => {
    const disk = new Uint8Array(600 * 512);
    writeMbr(disk, [{ slot: 1, type: 0x83, start: 8, count: 592 }]);
    const { grown, notes } = await (await open(disk)).resize(4 * 2 ** 40, 1);
    expect((grown?.start ?? 0) + (grown?.size ?? 0)).toBeLessThanOrEqual(0xffffffff * 512);
    expect(grown?.size).toBeGreaterThan(2 ** 41 - 16384);
    expect(notes.join()).toContain("2 TiB");
  });

  test("before a GPT that is left over is what counts: not a byte of the other is touched", async () => {
    const disk = makeGpt(512, SECTORS, [{ slot: 1, first: 40, last: 99, name: "", bootable: false }]);
    disk.fill(0, 0, 512);
    writeMbr(disk, [{ slot: 1, type: 0x83, start: 64, count: 536 }]);
    const { ranges } = await (await open(disk)).resize(disk.length + 8192, 1);
    expect(ranges.map(({ offset }) => offset)).toEqual([0]);
  });
});

function mend(header: Uint8Array): void {
  const view = new DataView(header.buffer, header.byteOffset, 92);
  view.setUint32(16, 0, true);
  view.setUint32(16, crc32(header), true);
}
