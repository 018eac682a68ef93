import { Session } from "node:inspector";
import { stepsOfPattern } from "./pattern-steps.ts";

/**
 * Counts the work of a run, alike on every host: how often the busiest block of each of the core's functions ran, bytes and characters that
 * built-in functions looked at or copied, and steps of patterns. Only for a process of its own: built-in functions are
 * replaced.
 */

export interface Work {
  /** Runs of the busiest block of each function, and steps of patterns. */
  readonly steps: number;
  /** Bytes, characters and elements that were looked at or copied. */
  readonly bytes: number;
  /** Functions that ran: `core/guest/fstab.ts#parseFstab`. */
  readonly ran: ReadonlySet<string>;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

const session = new Session();
let isCounting = false;
let bytes = 0;
let steps = 0;

/** Starts to count, once a process. */
export function startCounting(): void {
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  replaceBuiltIns();
}

/** What was done until now is nobody's. */
export const forgetWork = (): void => void take();

/** From the last `workOf` or `forgetWork` on: each look at the counters takes longer than most parsers do. */
export async function workOf(run: () => unknown): Promise<Work> {
  [bytes, steps] = [0, 0];
  isCounting = true;
  try {
    await run();
  } finally {
    isCounting = false;
  }
  const { blocks, ran } = take();
  return { steps: blocks + steps, bytes, ran };
}

function take(): { blocks: number; ran: Set<string> } {
  let blocks = 0;
  const ran = new Set<string>();
  session.post("Profiler.takePreciseCoverage", (_, answer) => {
    for (const { url, functions } of (answer as unknown as Coverage).result) {
      const file = /\/(core\/.*\.ts)$/.exec(url)?.[1];
      if (file === undefined) continue;
      for (const { functionName, ranges } of functions) {
        // V8 leaves out blocks that run as often as what is around them: the busiest one tells the growth alike.
        blocks += Math.max(...ranges.map(({ count }) => count));
        if ((ranges[0]?.count ?? 0) > 0) ran.add(`${file}#${functionName}`);
      }
    }
  });
  return { blocks, ran };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Cost = (self: { readonly length: number }, args: readonly unknown[], result: unknown) => number;

const lengthOf = (value: unknown): number => (value as { readonly length?: number } | null)?.length ?? 0;
const all: Cost = (self) => self.length;
const given: Cost = (_, [first]) => lengthOf(first);
const made: Cost = (_, __, result) => lengthOf(result);
/** V8 copies up to twelve characters of a text, and makes a view of more. */
const part: Cost = (_, __, result) => Math.min(13, lengthOf(result));
/** Up to what was found, from where it was looked for. */
const found: Cost = (self, [, from], result) => {
  const start = typeof from === "number" ? from : 0;
  return result === -1 ? Math.max(0, self.length - start) : Math.max(0, Number(result) - start);
};
const foundBack: Cost = (self, [, from], result) =>
  Math.max(0, (typeof from === "number" ? Math.min(from, self.length) : self.length) - Math.max(0, Number(result)));
const sorted: Cost = (self) => self.length * Math.ceil(Math.log2(self.length + 2));
const trimmed: Cost = (self, _, result) => 1 + self.length - lengthOf(result);

const COSTS: readonly (readonly [object, Readonly<Record<string, Cost>>])[] = [
  [
    String.prototype,
    {
      indexOf: found,
      lastIndexOf: foundBack,
      includes: all,
      split: all,
      replace: all,
      replaceAll: all,
      slice: part,
      substring: part,
      toLowerCase: all,
      toUpperCase: all,
      trim: trimmed,
      trimStart: trimmed,
      trimEnd: trimmed,
      normalize: all,
      padEnd: made,
      padStart: made,
    },
  ],
  [
    Array.prototype,
    {
      indexOf: found,
      lastIndexOf: foundBack,
      includes: all,
      slice: made,
      concat: made,
      join: all,
      reverse: all,
      toReversed: all,
      shift: all,
      unshift: all,
      splice: all,
      sort: sorted,
      toSorted: sorted,
      flat: made,
      [Symbol.iterator as unknown as string]: all,
    },
  ],
  [
    Object.getPrototypeOf(Uint8Array.prototype),
    { indexOf: found, lastIndexOf: foundBack, includes: all, slice: made, set: given, fill: all },
  ],
  [Buffer.prototype, { indexOf: found, lastIndexOf: foundBack, includes: all, toString: all, write: given }],
  [Buffer, { from: given, concat: made }],
  [TextDecoder.prototype, { decode: given }],
  [TextEncoder.prototype, { encode: given }],
  [JSON, { parse: given, stringify: made }],
];

function replaceBuiltIns(): void {
  for (const [owner, costs] of COSTS) {
    for (const name of Reflect.ownKeys(costs)) replace(owner, name, costs[name as string] as Cost);
  }
  const { exec } = RegExp.prototype;
  RegExp.prototype.exec = function stepExec(this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const answer = exec.call(this, text);
    if (!isCounting) return answer;
    // What counting itself does is no work of the run.
    isCounting = false;
    steps += stepsOfPattern(this, String(text), from);
    isCounting = true;
    return answer;
  };
}

function replace(owner: object, name: string | symbol, cost: Cost): void {
  const methods = owner as Record<string | symbol, Method>;
  const method = methods[name] as Method;
  methods[name] = function stepCounted(...args) {
    if (!isCounting) return Reflect.apply(method, this, args);
    const before = Number((this as { length?: number } | null)?.length ?? 0);
    const result = Reflect.apply(method, this, args);
    bytes += cost({ length: before }, args, result);
    return result;
  };
}
