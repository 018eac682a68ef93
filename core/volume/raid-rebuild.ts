import { type ByteSource, checkBounds, filling } from "../source/source.ts";
import { type ParityRaid, parityPlaces, powerInQ } from "./raid-layout.ts";
import { addProduct, generatorPower, product, quotient } from "./raid-parity.ts";

/** Bytes of each disk that are worked on at a time. */
const STEP = 128 << 10;

/**
 * The data on a missing disk, computed from the others when it is read. Parity on it is not asked for, and comes out as
 * anything. At most as many disks are missing as there are parities.
 */
export function rebuiltSource(raid: ParityRaid, disk: number): ByteSource {
  const self = { name: `${raid.name} (disk ${disk}, rebuilt)`, size: raid.memberSize };
  return {
    ...self,
    ...filling(self, async (offset, target, signal) => {
      checkBounds(self, offset, target.length);
      for (let done = 0; done < target.length; done += STEP) {
        await rebuildInto(raid, disk, offset + done, target.subarray(done, done + STEP), signal);
      }
    }),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function rebuildInto(
  raid: ParityRaid,
  disk: number,
  offset: number,
  target: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const others = await Promise.all(raid.members.map((each) => each?.read(offset, target.length, signal) ?? null));
  for (let done = 0; done < target.length; ) {
    const within = (offset + done) % raid.chunk;
    const stripe = (offset + done - within) / raid.chunk;
    const length = Math.min(raid.chunk - within, target.length - done);
    const factors = factorsOf(raid, stripe, disk);
    for (const [at, bytes] of others.entries()) {
      const factor = bytes ? factors(at) : 0;
      if (!bytes || factor === 0) continue;
      addProduct(target.subarray(done, done + length), bytes.subarray(done, done + length), factor);
    }
    done += length;
  }
}

/** What each other disk's chunk is multiplied with, for their sum to be the missing disk's. */
type Factors = (disk: number) => number;

function factorsOf(raid: ParityRaid, stripe: number, disk: number): Factors {
  const { layout, members } = raid;
  const places = parityPlaces(layout, members.length, stripe);
  const { p, q } = places;
  if (disk === p || disk === q) return () => 0;
  const other = members.findIndex((each, at) => each === null && at !== disk && at !== q);
  if (other < 0) return (at) => (at === q ? 0 : 1);
  const powerOf = (at: number) => powerInQ(layout, members.length, places, at);
  if (other === p) {
    const share = generatorPower(-powerOf(disk));
    return (at) => (at === q ? share : product(share, generatorPower(powerOf(at))));
  }
  // Two of data, x and y: A * (P + the others) + B * (Q + the others' part of it), A = g^(y-x) / (g^(y-x) + 1).
  const distance = generatorPower(powerOf(other) - powerOf(disk));
  const a = quotient(distance, distance ^ 1);
  const b = quotient(generatorPower(-powerOf(disk)), distance ^ 1);
  return (at) => {
    if (at === p) return a;
    return at === q ? b : a ^ product(b, generatorPower(powerOf(at)));
  };
}
