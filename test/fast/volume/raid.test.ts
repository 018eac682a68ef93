import { describe, expect, it } from "vitest";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { withFallback } from "../../../core/volume/fallback.ts";
import { parityRaid } from "../../../core/volume/raid.ts";
import {
  dataPlace,
  PARITY_LAYOUTS,
  type ParityLayout,
  type ParityLayoutName,
  parityPlaces,
  powerInQ,
} from "../../../core/volume/raid-layout.ts";
import { type Raid10, raid10Size, raid10Source } from "../../../core/volume/raid10.ts";
import { fc } from "../../support/property.ts";

const CHUNK = 512;
const STRIPES = 9;

/** a * 2 in the field of RAID 6, bit by bit. */
const twice = (a: number) => ((a << 1) ^ (a & 0x80 ? 0x11d : 0)) & 0xff;
function timesPower(value: number, power: number): number {
  let result = value;
  for (let left = power; left > 0; left--) result = twice(result);
  return result;
}

/** Disks as the layout wants them, with P and Q summed up byte by byte. */
function makeDisks(layout: ParityLayout, disks: number, content: Uint8Array): Uint8Array[] {
  const data = disks - (layout.q === null ? 1 : 2);
  const made = Array.from({ length: disks }, () => new Uint8Array(STRIPES * CHUNK));
  for (let stripe = 0; stripe < STRIPES; stripe++) {
    const places = parityPlaces(layout, disks, stripe);
    for (let index = 0; index < data; index++) {
      const disk = dataPlace(layout, disks, places, index);
      for (let at = 0; at < CHUNK; at++) {
        const value = content[(stripe * data + index) * CHUNK + at] ?? 0;
        const place = stripe * CHUNK + at;
        (made[disk] as Uint8Array)[place] = value;
        const p = made[places.p] as Uint8Array;
        p[place] = (p[place] ?? 0) ^ value;
        const q = made[places.q];
        if (q) q[place] = (q[place] ?? 0) ^ timesPower(value, powerInQ(layout, disks, places, disk));
      }
    }
  }
  return made;
}

describe("RAID with parity", () => {
  const names = Object.keys(PARITY_LAYOUTS) as ParityLayoutName[];

  it.each(names)("%s puts each stripe's chunks on disks of their own", (name) => {
    const layout: ParityLayout = PARITY_LAYOUTS[name];
    for (let disks = 4; disks < 9; disks++) {
      for (let stripe = 0; stripe < 3 * disks; stripe++) {
        const places = parityPlaces(layout, disks, stripe);
        const data = disks - (layout.q === null ? 1 : 2);
        const used = Array.from({ length: data }, (_, index) => dataPlace(layout, disks, places, index));
        const all = [...used, places.p, ...(places.q < 0 ? [] : [places.q])];
        expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: disks }, (_, disk) => disk));
        const powers = new Set(used.map((disk) => powerInQ(layout, disks, places, disk)));
        if (layout.q !== null) expect(powers.size).toBe(data);
      }
    }
  });

  it.each(names)("%s reads the same without as many disks as it has parities, wherever a read starts", async (name) => {
    const layout: ParityLayout = PARITY_LAYOUTS[name];
    const parities = layout.q === null ? 1 : 2;
    const property = fc.asyncProperty(
      fc.integer({ min: parities + 2, max: 7 }),
      fc.nat(),
      fc.nat(),
      async (disks, lost, from) => {
        const size = (disks - parities) * STRIPES * CHUNK;
        const content = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 9) * 7 + lost) & 0xff);
        const missing = new Set([lost % disks, ...(parities > 1 ? [(lost >> 8) % disks] : [])]);
        const members = makeDisks(layout, disks, content).map((bytes, disk) =>
          missing.has(disk) ? null : memorySource(bytes),
        );
        const source = parityRaid({
          name: "raid",
          members,
          layout,
          chunk: CHUNK,
          memberSize: STRIPES * CHUNK,
          isInStep: true,
        });
        const offset = from % size;
        const read = await source.read(offset, size - offset);
        expect(Buffer.from(read).equals(content.subarray(offset))).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });
});

/** A source that cannot give one of its chunks. */
const refusing = (source: ByteSource, error: Error, chunk = 2): ByteSource => ({
  ...{ name: source.name, size: source.size },
  read: async (offset, length) => {
    if (offset < (chunk + 1) * CHUNK && offset + length > chunk * CHUNK) throw error;
    return source.read(offset, length);
  },
  [Symbol.asyncDispose]: async () => {},
});

describe("a member that cannot be read", () => {
  const layout = PARITY_LAYOUTS.raid5_ls;
  const content = Uint8Array.from({ length: 3 * STRIPES * CHUNK }, (_, at) => (at * 13 + (at >> 9)) & 0xff);
  const raid = (error: Error, isInStep: boolean) => {
    const [first, ...others] = makeDisks(layout, 4, content).map((bytes) => memorySource(bytes, "disk")) as [
      ByteSource,
    ];
    const shape = { name: "raid", layout, chunk: CHUNK, memberSize: STRIPES * CHUNK, isInStep };
    return parityRaid({ ...shape, members: [refusing(first, error), ...others] });
  };

  it("is made good by the others where parity is in step, and is an error where it is not", async () => {
    const bad = new GuestkitError("E_BAD", "Cannot read: it is bad");
    expect(Buffer.from(await raid(bad, true).read(0, content.length)).equals(content)).toBe(true);
    await expect(raid(bad, false).read(0, content.length)).rejects.toBe(bad);
  });

  it.each([new DOMException("stopped", "AbortError"), new GuestkitError("E_BUDGET_STEPS", "Cannot read: too much")])(
    "is not asked of others when %s",
    async (error) => {
      await expect(raid(error, true).read(0, content.length)).rejects.toBe(error);
    },
  );

  it("is put together of copies that lack each another part", async () => {
    const bad = new GuestkitError("E_BAD", "Cannot read: bad");
    const good = memorySource(content.subarray(0, 9 * CHUNK), "disk");
    const copies = [refusing(good, bad, 1), refusing(refusing(good, bad, 4), bad, 5)] as const;
    const source = withFallback(copies[0], [copies[1]]);
    for (const [offset, length] of [
      [0, 9 * CHUNK],
      [300, 3000],
      [CHUNK + 1, 4 * CHUNK],
    ] as const) {
      expect(await source.read(offset, length)).toEqual(content.slice(offset, offset + length));
    }
    const lacking = withFallback(copies[0], [refusing(copies[1], bad, 1)]);
    await expect(lacking.read(0, 9 * CHUNK)).rejects.toBe(bad);
    expect(await lacking.read(2 * CHUNK, 7 * CHUNK)).toEqual(content.slice(2 * CHUNK, 9 * CHUNK));
  });

  it("is read from another copy; where there is none, its own error counts", async () => {
    const [bad, other] = [
      new GuestkitError("E_BAD", "Cannot read: bad"),
      new GuestkitError("E_TOO", "Cannot read: too"),
    ];
    const good = memorySource(content.subarray(0, 4 * CHUNK), "disk");
    const source = withFallback(refusing(good, bad), [refusing(good, other), good]);
    expect(Buffer.from(await source.read(0, 4 * CHUNK)).equals(content.subarray(0, 4 * CHUNK))).toBe(true);
    await expect(withFallback(refusing(good, bad), [refusing(good, other)]).read(0, 4 * CHUNK)).rejects.toBe(bad);
  });
});

describe("RAID 10", () => {
  it("takes a chunk that one disk cannot give from its next copy, each for itself", async () => {
    const [disks, rows] = [4, 6];
    const content = Uint8Array.from({ length: (disks / 2) * rows * CHUNK }, (_, at) => (at * 13 + (at >> 9)) & 0xff);
    const made = Array.from({ length: disks }, () => new Uint8Array(rows * CHUNK));
    for (let index = 0; index < (disks / 2) * rows; index++) {
      const [first, row] = [(2 * index) % disks, Math.floor((2 * index) / disks)];
      for (const disk of [first, first + 1])
        made[disk]?.set(content.subarray(index * CHUNK, (index + 1) * CHUNK), row * CHUNK);
    }
    const bad = new GuestkitError("E_BAD", "Cannot read: it is bad");
    const arrayOf = (...chunks: readonly (number | null)[]) => {
      const members = made.map((bytes, disk) => {
        const chunk = chunks[disk] ?? null;
        return chunk === null ? memorySource(bytes) : refusing(memorySource(bytes), bad, chunk);
      });
      const shape = { name: "raid", chunk: CHUNK, memberSize: rows * CHUNK, near: 2, far: 1, isOffset: false };
      return raid10Source({ ...shape, members, farSet: disks }, () => new Error("no copy"));
    };
    for (const array of [arrayOf(), arrayOf(2, 3, 1, 4), arrayOf(null, 0, 5)]) {
      expect(Buffer.compare(await array.read(0, content.length), content)).toBe(0);
      const target = new Uint8Array(3000);
      await array.readInto?.(700, target);
      expect(Buffer.compare(target, content.subarray(700, 3700))).toBe(0);
    }
    await expect(arrayOf(2, 2).read(0, content.length)).rejects.toBe(bad);
    expect(await arrayOf(2, 2).read(0, 4 * CHUNK)).toEqual(content.slice(0, 4 * CHUNK));
  });

  it.each([
    [3, 2, 1, false],
    [5, 1, 3, false],
    [4, 2, 2, false],
    [5, 1, 2, true],
  ])(
    "of %i disks, %i near and %i far copies (offset: %s) has every copy within its disks",
    async (disks, near, far, isOffset) => {
      const memberSize = 24 * CHUNK;
      const reads: number[] = [];
      const members = Array.from({ length: disks }, (_, disk) => ({
        ...memorySource(new Uint8Array(memberSize)),
        read: async (offset: number, length: number) => {
          reads.push(offset + length);
          return new Uint8Array(length).fill(disk);
        },
      }));
      const raid: Raid10 = { name: "raid", members, chunk: CHUNK, memberSize, near, far, isOffset, farSet: disks };
      for (let lost = 0; lost < disks; lost++) {
        const some = members.map((each, disk) => (disk === lost ? null : each));
        const source = raid10Source({ ...raid, members: some }, () => new Error("no copy"));
        for (let at = 0; at < raid10Size(raid); at += CHUNK) await source.read(at, CHUNK);
      }
      expect(Math.max(...reads)).toBeLessThanOrEqual(memberSize);
    },
  );
});
