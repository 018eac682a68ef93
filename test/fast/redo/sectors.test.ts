import { expect, test } from "vitest";
import type { Image } from "../../../core/format/index.ts";
import { openImage } from "../../../core/format/index.ts";
import { openLog } from "../../../core/redo/log.ts";
import { foreignSector, oldSectors } from "../../../core/redo/sectors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { fc } from "../../support/property.ts";
import { type Cluster, guestBytes, makeQcow2, type Plan } from "../../support/qcow2.ts";

const SECTOR = 512;
const { signal } = new AbortController();

const cluster: fc.Arbitrary<Cluster> = fc.record({
  kind: fc.constantFrom("parent", "zero", "data", "compressed"),
  fill: fc.nat(255),
});

interface World {
  readonly clusters: readonly Cluster[];
  /** What the disk's bytes are, again and again. */
  readonly old: Uint8Array;
  /** Of the disk. */
  readonly sectors: number;
  /** What of the log is laid over the disk already: a commit may end anywhere. */
  readonly done: readonly boolean[];
  /** Where somebody writes. */
  readonly place: number;
}

/** An overlay of some clusters, and the disk below it, which may be shorter. */
const worlds: fc.Arbitrary<World> = fc.record({
  clusters: fc.array(cluster, { minLength: 2, maxLength: 8 }),
  old: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  sectors: fc.integer({ min: 1, max: 64 }),
  done: fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
  place: fc.nat(),
});

const raw = (bytes: Uint8Array): Promise<Image> => openImage(memorySource(bytes), nodeHost, { format: "raw" });
const at = (bytes: Uint8Array, sector: number) => bytes.slice(sector * SECTOR, (sector + 1) * SECTOR);

async function look(log: Uint8Array, disk: Uint8Array, old: Uint8Array | null): Promise<Buffer | number | null> {
  const image = await raw(disk);
  await using opened = await openLog(memorySource(log), image);
  return old ? foreignSector(opened, image, old, signal) : oldSectors(opened, image, signal);
}

test("a log is told from the bytes below it: old, its own, any mix of both, and nothing else", async () => {
  const check = async ({ clusters, old, sectors, done, place }: World) => {
    const plan: Plan = { version: 3, clusterBits: 12, extended: false, short: 0, clusters, backing: "below" };
    const log = makeQcow2(plan);
    const disk = Uint8Array.from(
      { length: Math.min(sectors, clusters.length * 8) * SECTOR },
      (_, i) => old[i % old.length] ?? 0,
    );
    const wanted = guestBytes(plan, disk);
    const digests = (await look(log, disk, null)) as Buffer;
    expect(await look(log, disk, digests)).toBeNull();
    expect(await look(log, wanted, digests)).toBeNull();
    const half = wanted.slice();
    done.forEach((isDone, sector) => {
      if (!isDone && sector * SECTOR < half.length) half.set(padded(disk, sector), sector * SECTOR);
    });
    expect(await look(log, half, digests)).toBeNull();
    const byte = place % half.length;
    const isCovered = clusters[Math.floor(byte / 4096)]?.kind !== "parent";
    half[byte] = other(half, wanted, padded(disk, Math.floor(byte / SECTOR)), byte);
    expect(await look(log, half, digests)).toBe(isCovered ? Math.floor(byte / SECTOR) * SECTOR : null);
  };
  await fc.assert(fc.asyncProperty(worlds, check), { numRuns: 60 });
});

/** A sector of the disk as it was; zeros past its end. */
function padded(disk: Uint8Array, sector: number): Uint8Array {
  const bytes = new Uint8Array(SECTOR);
  bytes.set(at(disk, sector));
  return bytes;
}

/** A byte that neither was there nor is to be. */
function other(now: Uint8Array, wanted: Uint8Array, old: Uint8Array, place: number): number {
  const taken = [now[place], wanted[place], old[place % SECTOR]];
  return [0, 1, 2, 3].find((each) => !taken.includes(each)) ?? 0;
}
