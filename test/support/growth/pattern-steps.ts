/**
 * Counts what a backtracking matcher does for a pattern on a text: V8's own tells nobody. Each try of a character, and each
 * way that is gone back to, is a step. Single characters and classes are asked of V8 itself. What is named `step...` is what
 * the optimiser may compile (growth.test.ts).
 */

type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

const exec = RegExp.prototype.exec;
const known = new Map<string, Pattern>();
const ofObjects = new WeakMap<RegExp, Pattern>();
const stepEnd: Next = () => true;

/** Of a UTF-16 unit: LF, CR, LS, PS. */
const endsLine = (unit: number): boolean => unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029;

function inTurn(first: Matcher, then: Matcher): Matcher {
  const stepPair: Matcher = (at, next) => {
    const stepOn: Next = (end) => then(end, next);
    return first(at, stepOn);
  };
  return stepPair;
}

/** Characters of a text whose steps are kept, and how many of a pattern. */
const SHORT = 256;
const KEPT = 4096;

/** The steps of one `exec` from `from` on. */
export function stepsOfPattern(pattern: RegExp, text: string, from: number): number {
  let compiled = ofObjects.get(pattern);
  if (compiled === undefined) {
    compiled = compile(pattern);
    ofObjects.set(pattern, compiled);
  }
  return compiled.steps(text, from);
}

function compile({ source, flags }: RegExp): Pattern {
  const key = `${flags}/${source}`;
  const compiled = known.get(key) ?? new Pattern(source, flags);
  known.set(key, compiled);
  return compiled;
}

class Pattern {
  readonly #source: string;
  readonly #flags: string;
  readonly #whole: Matcher;
  /** It fits where it is begun, or nowhere. */
  readonly #isFixed: boolean;
  #at = 0;
  #groups = 0;
  #text = "";
  #steps = 0;
  readonly #captured: (readonly [number, number] | undefined)[] = [];
  readonly #names = new Map<string, number>();
  readonly #taken = new Map<string, number>();

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
    this.#whole = this.#alternatives();
    const anchored = source.startsWith("^") && !flags.includes("m") && !source.includes("|");
    this.#isFixed = anchored || flags.includes("y");
  }

  /** Inputs are made of lines that are alike: what a short one took is not found out again. */
  steps(text: string, from: number): number {
    const key = text.length > SHORT ? null : `${from} ${text}`;
    const before = key === null ? undefined : this.#taken.get(key);
    if (before !== undefined) return before;
    this.#text = text;
    this.#steps = 0;
    for (let at = from; at <= text.length; at++) {
      this.#captured.length = 0;
      if (this.#whole(at, stepEnd) || this.#isFixed) break;
    }
    if (key !== null && this.#taken.size < KEPT) this.#taken.set(key, this.#steps);
    return this.#steps;
  }

  #peek(): string {
    return this.#source[this.#at] ?? "";
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(): Matcher {
    const all = [this.#sequence()];
    while (this.#take("|")) all.push(this.#sequence());
    const stepAny: Matcher = (at, next) => {
      for (const each of all) if (each(at, next)) return true;
      return false;
    };
    return stepAny;
  }

  #sequence(): Matcher {
    const terms: Matcher[] = [];
    while (this.#at < this.#source.length && this.#peek() !== "|" && this.#peek() !== ")") terms.push(this.#term());
    const last = terms.pop();
    const stepNothing: Matcher = (at, next) => next(at);
    return last ? terms.reduceRight<Matcher>((rest, term) => inTurn(term, rest), last) : stepNothing;
  }

  #term(): Matcher {
    const start = this.#at;
    const byLine = this.#flags.includes("m");
    const stepStart = (at: number) => at === 0 || (byLine && endsLine(this.#text.charCodeAt(at - 1)));
    const stepStop = (at: number) => at === this.#text.length || (byLine && endsLine(this.#text.charCodeAt(at)));
    if (this.#take("^")) return this.#assert(stepStart);
    if (this.#take("$")) return this.#assert(stepStop);
    if (this.#take("\\b")) return this.#assert((at) => this.#isEdge(at));
    if (this.#take("\\B")) return this.#assert((at) => !this.#isEdge(at));
    const group = this.#peek() === "(" ? this.#group() : this.#reference();
    const single = group ? null : this.#single();
    return this.#repeated(group, single, start);
  }

  #assert(holds: (at: number) => boolean): Matcher {
    const stepAssert: Matcher = (at, next) => {
      this.#steps++;
      return holds(at) && next(at);
    };
    return stepAssert;
  }

  #isEdge(at: number): boolean {
    const isWord = (char: string | undefined) => char !== undefined && exec.call(/\w/, char) !== null;
    return isWord(this.#text[at - 1]) !== isWord(this.#text[at]);
  }

  #group(): Matcher {
    this.#take("(");
    if (this.#take("?:")) return this.#closed(this.#alternatives());
    for (const [mark, wanted] of [
      ["?=", true],
      ["?!", false],
    ] as const) {
      if (!this.#take(mark)) continue;
      const inner = this.#closed(this.#alternatives());
      const stepAhead: Matcher = (at, next) => inner(at, stepEnd) === wanted && next(at);
      return stepAhead;
    }
    for (const [mark, wanted] of [
      ["?<=", true],
      ["?<!", false],
    ] as const) {
      if (!this.#take(mark)) continue;
      const inner = this.#closed(this.#alternatives());
      const stepBehind = (at: number) => {
        const stepMeets: Next = (end) => end === at;
        for (let back = 0; back <= Math.min(at, 64); back++) if (inner(at - back, stepMeets)) return true;
        return false;
      };
      const stepBack: Matcher = (at, next) => stepBehind(at) === wanted && next(at);
      return stepBack;
    }
    const index = ++this.#groups;
    if (this.#take("?<")) {
      const end = this.#source.indexOf(">", this.#at);
      this.#names.set(this.#source.slice(this.#at, end), index);
      this.#at = end + 1;
    }
    const inner = this.#closed(this.#alternatives());
    const stepGroup: Matcher = (at, next) => {
      const stepBehind: Next = (end) => {
        const before = this.#captured[index];
        this.#captured[index] = [at, end];
        if (next(end)) return true;
        this.#captured[index] = before;
        return false;
      };
      return inner(at, stepBehind);
    };
    return stepGroup;
  }

  #closed(inner: Matcher): Matcher {
    if (!this.#take(")")) throw new Error(`cannot read /${this.#source}/ at ${this.#at}`);
    return inner;
  }

  #reference(): Matcher | null {
    const found = exec.call(/^\\(?:([1-9])|k<([^>]+)>)/, this.#source.slice(this.#at, this.#at + 40));
    if (!found) return null;
    this.#at += found[0].length;
    const index = found[1] ? Number(found[1]) : (this.#names.get(found[2] ?? "") ?? 0);
    return (at, next) => {
      const [start, end] = this.#captured[index] ?? [0, 0];
      this.#steps += end - start + 1;
      return this.#text.startsWith(this.#text.slice(start, end), at) && next(at + end - start);
    };
  }

  /** Whether a UTF-16 unit fits what stands here. */
  #single(): (unit: number) => boolean {
    const start = this.#at;
    if (this.#take("[")) {
      while (this.#peek() !== "]") this.#at += this.#peek() === "\\" ? 2 : 1;
      this.#at++;
    } else if (this.#take("\\")) {
      const escaped = exec.call(
        /^(?:u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|c[A-Z]|.)/s,
        this.#source.slice(this.#at),
      );
      this.#at += escaped?.[0].length ?? 1;
    } else this.#at++;
    const flags = [...this.#flags].filter((flag) => "isuv".includes(flag)).join("");
    const own = new RegExp(`^(?:${this.#source.slice(start, this.#at)})$`, flags);
    const known = new Int8Array(1 << 16);
    const ask = (unit: number): number => (known[unit] = exec.call(own, String.fromCharCode(unit)) === null ? -1 : 1);
    const stepUnit = (unit: number): boolean => (known[unit] || ask(unit)) === 1;
    return stepUnit;
  }

  #quantifier(): { least: number; most: number; lazy: boolean } {
    const found = exec.call(/^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/, this.#source.slice(this.#at, this.#at + 20));
    if (!found) return { least: 1, most: 1, lazy: false };
    this.#at += found[0].length;
    const [, sign, low = "1", comma, high, lazy] = found;
    const least = sign ? (sign === "+" ? 1 : 0) : Number(low);
    const most = sign
      ? sign === "?"
        ? 1
        : Number.POSITIVE_INFINITY
      : comma
        ? Number(high || Number.POSITIVE_INFINITY)
        : least;
    return { least, most, lazy: lazy !== "" };
  }

  #repeated(group: Matcher | null, single: ((unit: number) => boolean) | null, start: number): Matcher {
    const { least, most, lazy } = this.#quantifier();
    if (this.#at === start) throw new Error(`cannot read /${this.#source}/ at ${start}`);
    if (single) return this.#run(single, least, most, lazy);
    const inner = group as Matcher;
    const stepMore = (count: number, at: number, next: Next): boolean => {
      this.#steps++;
      const stepAgain: Next = (end) => (end > at || count < least) && stepMore(count + 1, end, next);
      if (lazy && count >= least && next(at)) return true;
      if (count < most && inner(at, stepAgain)) return true;
      return !lazy && count >= least && next(at);
    };
    const stepRepeated: Matcher = (at, next) => stepMore(0, at, next);
    return least === 1 && most === 1 ? inner : stepRepeated;
  }

  /** Characters of one kind, without a call for each of them. */
  #run(fits: (unit: number) => boolean, least: number, most: number, lazy: boolean): Matcher {
    const stepFits = (at: number) => at < this.#text.length && fits(this.#text.charCodeAt(at));
    if (lazy) return this.#lazyRun(stepFits, least, most);
    const stepRun: Matcher = (at, next) => {
      let count = 0;
      while (count < most && stepFits(at + count)) count++;
      // The one that did not fit was tried, too.
      this.#steps += count < most ? count + 1 : count;
      for (; count >= least; count--) {
        this.#steps++;
        if (next(at + count)) return true;
      }
      return false;
    };
    return stepRun;
  }

  #lazyRun(fitsAt: (at: number) => boolean, least: number, most: number): Matcher {
    const stepLazy: Matcher = (at, next) => {
      for (let count = 0; ; count++) {
        if (count >= least && next(at + count)) return true;
        if (count >= most) return false;
        this.#steps++;
        if (!fitsAt(at + count)) return false;
      }
    };
    return stepLazy;
  }
}
