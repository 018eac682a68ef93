import { GuestkitError } from "../kit/errors.ts";
import type { Lru } from "../kit/lru.ts";
import type { Run } from "./run.ts";
import type { Packed, Placed, RunParts } from "./run-parts.ts";

/** Bytes between two units that are read with them: asking twice costs more. */
const GAP = 16 << 10;
/** Bytes that are read at once. */
const MOST = 4 << 20;

/** Where the bytes go; `offset` is the guest's of the first byte of `target`. */
interface Wanted {
  readonly offset: number;
  readonly target: Uint8Array;
}

/** Compressed units that stand near one another in the file, and are read at once. */
interface Group {
  readonly units: Placed[];
  readonly start: number;
  end: number;
}

/** Makes compressed runs plain. Units of which a part is wanted are kept in `kept`, by their place in the file. */
export async function unpackRuns(
  parts: RunParts,
  kept: Lru<number, Uint8Array>,
  runs: readonly Placed[],
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { packed } = parts;
  if (!packed) throw new RangeError(`"${parts.name}" has compressed runs, and nothing to inflate them`);
  const missing = runs.filter((each) => {
    const plain = kept.get(each.run.host);
    if (plain) place(plain, each, wanted);
    return !plain;
  });
  await Promise.all(groups(missing).map((group) => readGroup(parts, packed, kept, group, wanted, signal)));
}

function groups(runs: readonly Placed[]): Group[] {
  const all: Group[] = [];
  for (const each of runs) {
    const { host, stored } = each.run;
    const last = all.at(-1);
    const isNear = last && host >= last.start && host <= last.end + GAP && host + stored - last.start <= MOST;
    if (!isNear) {
      all.push({ units: [each], start: host, end: host + stored });
      continue;
    }
    last.units.push(each);
    last.end = Math.max(last.end, host + stored);
  }
  return all;
}

async function readGroup(
  { data }: RunParts,
  { unit, inflate }: Packed,
  kept: Lru<number, Uint8Array>,
  { units, start, end }: Group,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<void> {
  const bytes = await data.read(start, end - start, signal);
  const work = units.map(async (each) => {
    const { run, at } = each;
    const guest = wanted.offset + at;
    const stored = bytes.subarray(run.host - start, run.host - start + run.stored);
    const plain = await inflate(stored, run, guest - (guest % unit)).catch((error: unknown) => {
      throw error instanceof GuestkitError ? error.within({ file: data.name, offset: run.host }) : error;
    });
    if (run.length < unit) kept.set(run.host, plain);
    place(plain, each, wanted);
  });
  await Promise.all(work);
}

function place(plain: Uint8Array, { run, at }: { run: Run; at: number }, { offset, target }: Wanted): void {
  const within = (offset + at) % plain.length;
  target.set(run.length === plain.length ? plain : plain.subarray(within, within + run.length), at);
}
