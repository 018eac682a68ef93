import { allocated } from "../disk/host.ts";
import type { Disk } from "../inspect/index.ts";
import type { Allowance } from "../kit/budget.ts";

/** Bytes that are compared at once. */
export const PIECE = 256 << 10;

/** What comparing two disks has at hand. */
export interface Work {
  /** Two pieces of memory that are used again and again. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** From now on until it is disposed of, no more is read than the files of both images may cost. */
  all(): Disposable;
  /** The same for one of them, within that. */
  one(name: string): Disposable;
}

/**
 * What comparing the files of an image may cost: so many names and reads for each byte that the host keeps of it, and
 * what a small one may take in any case. An honest one has far less: a name takes 12 bytes of a directory, and what is
 * packed well, or stands in a hundred snapshots, is read so many times as often. Without it metadata that names the same
 * bytes again and again would be followed for days.
 */
const OF_ALL = { names: 10_000_000, bytesOfName: 4, steps: 16_000_000, reads: 500 };
/** One of its files: the others are still to be compared. */
const OF_ONE = { steps: 4_000_000, reads: 20 };
/** Bytes of a step: see `Budget.read`. */
const STEP = 4096;
const FREE = Number.POSITIVE_INFINITY;

export async function workOn(before: Disk, after: Disk): Promise<Work> {
  const sides = [await sharesOf(before), await sharesOf(after)];
  const entering = (name: string, which: "all" | "one") => {
    const parts = new DisposableStack();
    for (const { budget, ...shares } of sides) parts.use(budget.enter(name, shares[which]));
    return parts;
  };
  return {
    before: new Uint8Array(PIECE),
    after: new Uint8Array(PIECE),
    all: () => entering("files", "all"),
    one: (name) => entering(name, "one"),
  };
}

async function sharesOf(disk: Disk) {
  const [kept, raw] = [await bytesOf(disk), rawBytesOf(disk)];
  const steps = ({ steps, reads }: { readonly steps: number; readonly reads: number }) =>
    steps + Math.ceil((kept * reads + raw) / STEP);
  const free: Allowance = { bytes: FREE, names: FREE, links: FREE, entries: FREE, steps: FREE };
  const names = OF_ALL.names + Math.ceil(kept / OF_ALL.bytesOfName);
  const { budget } = disk;
  return { budget, all: { ...free, names, steps: steps(OF_ALL) }, one: { ...free, steps: steps(OF_ONE) } };
}

/** Holes of a raw image are read as the zeros that they are: all of it once. */
function rawBytesOf({ disks }: Disk): number {
  return disks.reduce((sum, { image }) => sum + (image.format === "raw" ? image.size : 0), 0);
}

/** Bytes that the host keeps of the disks; of one that is no file of the host its size. */
async function bytesOf({ disks }: Disk): Promise<number> {
  const sizes = disks.map(({ image }) => allocated(image.files).catch(() => image.size));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
