import { GuestkitError, type Place } from "./errors.ts";
import { printable } from "./name.ts";
import { formatSize } from "./size.ts";

/** What a reader may ask for, counted: the same image costs the same on an idle host and on a busy one. */
export interface Allowance {
  /** Bytes of files that are read, each time that they are. */
  readonly bytes: number;
  /** Names of directories that are listed. */
  readonly names: number;
  /** Symbolic links that are followed. */
  readonly links: number;
  /** Things of an answer that may be the product of two lists: mounts, addresses. */
  readonly entries: number;
  /** Reads of the image, of up to 4 KiB each: what directories, maps and tables cost that lie between. */
  readonly steps: number;
}

/** One part of an inspection: some ten times what the largest honest system asks for. */
export const SHARE: Allowance = {
  bytes: 8 << 20,
  names: 100_000,
  links: 50_000,
  entries: 100_000,
  steps: 250_000,
};

/** A whole inspection, or all that preflight reads of one image. */
export const WHOLE: Allowance = {
  bytes: 1 << 30,
  names: 500_000,
  links: 200_000,
  entries: 2_000_000,
  steps: 1_000_000,
};

/** No bound: where the user asked for each file. */
const FREE: Allowance = {
  bytes: Number.POSITIVE_INFINITY,
  names: Number.POSITIVE_INFINITY,
  links: Number.POSITIVE_INFINITY,
  entries: Number.POSITIVE_INFINITY,
  steps: Number.POSITIVE_INFINITY,
};

/** Seconds after which a whole is given up: hundreds of times what it takes, so that a busy host is no drift. */
const DEADLINE = 600;
/** Charges between two looks at the clock. */
const LOOK = 256;
const STEP = 4096;

interface Part {
  readonly name: string;
  readonly outer: Part | null;
  readonly may: Allowance;
  /** What may have been spent in all when it ends. */
  readonly until: Allowance;
}

/**
 * Counts what is asked of one image, and refuses by name what asks for more than its share (`E_BUDGET_BYTES`, `_NAMES`,
 * `_LINKS`, `_ENTRIES`, `_STEPS`). Outside of a part nothing is bounded: verbs that list stream what the user asked for.
 * Parts may lie in one another and never run side by side.
 */
export class Budget {
  readonly #now: () => number;
  readonly #used = { bytes: 0, names: 0, links: 0, entries: 0, steps: 0 };
  #part: Part | null = null;
  #end = Number.POSITIVE_INFINITY;
  #charges = 0;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What was asked for so far. */
  get used(): Allowance {
    return { ...this.#used };
  }

  /** Runs a part under its own share and those of the parts around it. Throws `E_BUDGET_TIME` past the whole's end. */
  async part<T>(name: string, run: () => Promise<T>, more: Partial<Allowance> = {}): Promise<T> {
    if (!this.#part) this.#end = this.#now() + DEADLINE * 1000;
    this.#lookAtClock();
    using _part = this.enter(name, more);
    return await run();
  }

  /** The same for work that no function holds, as a generator's, until it is disposed of; by no clock of its own. */
  enter(name: string, more: Partial<Allowance> = {}): Disposable {
    const outer = this.#part;
    const may = { ...SHARE, ...more };
    const part = { name, outer, may, until: this.#until(may, outer?.until ?? FREE) };
    this.#part = part;
    return { [Symbol.dispose]: () => this.#leave(part, outer) };
  }

  #leave(part: Part, outer: Part | null): void {
    if (this.#part !== part) throw new Error(`parts of a budget run side by side: ${part.name}, ${this.#part?.name}`);
    this.#part = outer;
    if (!outer) this.#end = Number.POSITIVE_INFINITY;
  }

  /** Counts `amount` before it is done; `path` in the image is what it is for. */
  spend(kind: keyof Allowance, amount: number, path?: string | Uint8Array): void {
    if (++this.#charges % LOOK === 0) this.#lookAtClock();
    const used = this.#used[kind] + amount;
    if (this.#part && used > this.#part.until[kind]) throw refusal(bounding(this.#part, kind), kind, path);
    this.#used[kind] = used;
  }

  /** Counts a read of the image. */
  read(length: number): void {
    this.spend("steps", 1 + Math.floor(length / STEP));
  }

  #until(may: Allowance, outer: Allowance): Allowance {
    const least = (kind: keyof Allowance) => Math.min(this.#used[kind] + may[kind], outer[kind]);
    return {
      bytes: least("bytes"),
      names: least("names"),
      links: least("links"),
      entries: least("entries"),
      steps: least("steps"),
    };
  }

  #lookAtClock(): void {
    if (this.#now() > this.#end) throw late();
  }
}

/** Whether it is one of the budget's own errors, which stand above what a reader says of damage. */
export function isRefusal(error: unknown): error is GuestkitError {
  return error instanceof GuestkitError && error.code.startsWith("E_BUDGET_");
}

/** Whether the clock ended the whole: such an error is told of no part. */
export function isLate(error: unknown): boolean {
  return error instanceof GuestkitError && error.code === "E_BUDGET_TIME";
}

/** The part whose share it is that ends first. */
function bounding(part: Part, kind: keyof Allowance): Part {
  const { outer } = part;
  return outer && outer.until[kind] <= part.until[kind] ? bounding(outer, kind) : part;
}

const MEANING: Readonly<Record<keyof Allowance, (most: number) => string>> = {
  bytes: (most) => `more than ${formatSize(most)} of files`,
  names: (most) => `more than ${most} names in directories`,
  links: (most) => `more than ${most} symbolic links`,
  entries: (most) => `more than ${most} entries`,
  steps: (most) => `more than ${most} reads of the image`,
};

function refusal({ name, may }: Part, kind: keyof Allowance, path: string | Uint8Array | undefined): GuestkitError {
  const file = typeof path === "string" || !path ? path : new TextDecoder().decode(path);
  const thing = file === undefined ? `any further for ${name}` : `"${printable(file)}" for ${name}`;
  const at: Place | undefined = file === undefined ? undefined : { file };
  return new GuestkitError(
    `E_BUDGET_${kind.toUpperCase()}`,
    `Cannot read ${thing}: it takes ${MEANING[kind](may[kind])}`,
    {
      at,
      help: "No system needs that much: see what lies there (guestkit ls -R IMAGE PATH), which is bounded by nothing.",
    },
  );
}

function late(): GuestkitError {
  return new GuestkitError("E_BUDGET_TIME", `Cannot look into the image: it takes more than ${DEADLINE} seconds`, {
    help: "Its storage or this host may be too slow now: try again, or read single files (guestkit cat IMAGE PATH).",
  });
}
