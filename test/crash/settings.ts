import { Random } from "../support/random.ts";
import type { Writer } from "./writer.ts";

/** How many points are tried in all. */
const POINTS = Number(process.env.GUESTKIT_CRASH_POINTS ?? 200);
/** The same points again for the same seed. */
const SEED = Number(process.env.GUESTKIT_CRASH_SEED ?? Date.now() % 1_000_000);
/** A single point, as a failure names it: `WRITER:KIND:...`. */
const ONLY = process.env.GUESTKIT_CRASH_POINT ?? null;

/** The parts of all points that each kind has, and how many of a writer are worth laying it out. */
const KINDS = {
  strike: { part: 0.68, least: 1 },
  pages: { part: 0.2, least: 5 },
  pair: { part: 0.06, least: 1 },
  disk: { part: 0.06, least: 2 },
} as const;
type Kind = keyof typeof KINDS;

/** A writer, and the points of one kind that are tried of it: so many, drawn by this, or one alone. */
export interface Draw {
  readonly name: string;
  readonly writer: Writer;
  readonly count: number;
  readonly random: Random;
  readonly only: string | null;
}

/** What is drawn of a kind, spread over the writers; where there are few points, over some of them. */
export function drawsOf(kind: Kind, writers: readonly Writer[]): readonly Draw[] {
  const random = new Random([...kind].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), SEED));
  const draw = (writer: Writer, count: number, only: string | null = null): Draw => ({
    ...{ name: writer.name, writer, count, only },
    random: new Random(random.u32()),
  });
  if (ONLY !== null) {
    const [name, wanted, ...rest] = ONLY.split(":");
    return wanted === kind
      ? writers.filter((each) => each.name === name).map((each) => draw(each, 1, rest.join(":")))
      : [];
  }
  console.log(`GUESTKIT_CRASH_SEED=${SEED} GUESTKIT_CRASH_POINTS=${POINTS}`);
  const total = Math.round(POINTS * KINDS[kind].part);
  const chosen = shuffled(writers, random).slice(0, Math.ceil(total / KINDS[kind].least));
  return chosen.map((writer, at) => draw(writer, partOf(total, chosen.length, at)));
}

const partOf = (total: number, parts: number, at: number) =>
  Math.floor(((at + 1) * total) / parts) - Math.floor((at * total) / parts);

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((each) => ({ each, at: random.u32() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ each }) => each);
}

/** A fault, with what repeats its point. */
export function tell(kind: Kind, writer: Writer, point: string, how: string, fault: string): string {
  return `${writer.name}, ${point}${how}: ${fault}\n    GUESTKIT_CRASH_POINT='${writer.name}:${kind}:${point}' npm run test:crash`;
}
