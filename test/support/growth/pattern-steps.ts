/**
 * Counts what a backtracking matcher does for a pattern on a text: V8's own tells nobody. Each try of a character, and each
 * way that is gone back to, is a step. Single characters and classes are asked of V8 itself.
 */

type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

const exec = RegExp.prototype.exec;
const known = new Map<string, Pattern>();
/** Characters of a text whose steps are kept, and how many of a pattern. */
const SHORT = 256;
const KEPT = 4096;

/** The steps of one `exec` from `from` on. */
export function patternSteps(pattern: RegExp, text: string, from: number): number {
  const key = `${pattern.flags}/${pattern.source}`;
  const compiled = known.get(key) ?? new Pattern(pattern.source, pattern.flags);
  known.set(key, compiled);
  return compiled.steps(text, from);
}

class Pattern {
  readonly #source: string;
  readonly #flags: string;
  readonly #whole: Matcher;
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
  }

  /** Inputs are made of lines that are alike: what a short one took is not found out again. */
  steps(text: string, from: number): number {
    if (text.length > SHORT) return this.#count(text, from);
    const key = `${from} ${text}`;
    const steps = this.#taken.get(key) ?? this.#count(text, from);
    if (this.#taken.size < KEPT) this.#taken.set(key, steps);
    return steps;
  }

  #count(text: string, from: number): number {
    this.#text = text;
    this.#steps = 0;
    const anchored = this.#source.startsWith("^") && !this.#flags.includes("m") && !this.#source.includes("|");
    for (let at = from; at <= text.length; at++) {
      this.#captured.length = 0;
      if (this.#whole(at, () => true) || this.#flags.includes("y") || anchored) break;
    }
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
    return (at, next) => all.some((each) => each(at, next));
  }

  #sequence(): Matcher {
    const terms: Matcher[] = [];
    while (this.#at < this.#source.length && this.#peek() !== "|" && this.#peek() !== ")") terms.push(this.#term());
    const last = terms.pop();
    if (!last) return (at, next) => next(at);
    return terms.reduceRight<Matcher>((rest, term) => (at, next) => term(at, (end) => rest(end, next)), last);
  }

  #term(): Matcher {
    const start = this.#at;
    const ends = (char: string | undefined) =>
      this.#flags.includes("m") && char !== undefined && "\n\r\u2028\u2029".includes(char);
    if (this.#take("^")) return this.#assert((at) => at === 0 || ends(this.#text[at - 1]));
    if (this.#take("$")) return this.#assert((at) => at === this.#text.length || ends(this.#text[at]));
    if (this.#take("\\b")) return this.#assert((at) => this.#isEdge(at));
    if (this.#take("\\B")) return this.#assert((at) => !this.#isEdge(at));
    const group = this.#peek() === "(" ? this.#group() : this.#reference();
    const single = group ? null : this.#single();
    return this.#repeated(group, single, start);
  }

  #assert(holds: (at: number) => boolean): Matcher {
    return (at, next) => {
      this.#steps++;
      return holds(at) && next(at);
    };
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
      return (at, next) => inner(at, () => true) === wanted && next(at);
    }
    for (const [mark, wanted] of [
      ["?<=", true],
      ["?<!", false],
    ] as const) {
      if (!this.#take(mark)) continue;
      const inner = this.#closed(this.#alternatives());
      const behind = (at: number) =>
        [...Array(Math.min(at, 64) + 1).keys()].some((back) => inner(at - back, (end) => end === at));
      return (at, next) => behind(at) === wanted && next(at);
    }
    const index = ++this.#groups;
    if (this.#take("?<")) {
      const end = this.#source.indexOf(">", this.#at);
      this.#names.set(this.#source.slice(this.#at, end), index);
      this.#at = end + 1;
    }
    const inner = this.#closed(this.#alternatives());
    return (at, next) =>
      inner(at, (end) => {
        const before = this.#captured[index];
        this.#captured[index] = [at, end];
        if (next(end)) return true;
        this.#captured[index] = before;
        return false;
      });
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
    const known: boolean[] = [];
    return (unit) => (known[unit] ??= exec.call(own, String.fromCharCode(unit)) !== null);
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
    const more = (count: number, at: number, next: Next): boolean => {
      this.#steps++;
      const again = () => count < most && inner(at, (end) => (end > at || count < least) && more(count + 1, end, next));
      const stop = () => count >= least && next(at);
      return lazy ? stop() || again() : again() || stop();
    };
    return least === 1 && most === 1 ? inner : (at, next) => more(0, at, next);
  }

  /** Characters of one kind, without a call for each of them. */
  #run(fits: (unit: number) => boolean, least: number, most: number, lazy: boolean): Matcher {
    const fitsAt = (at: number) => at < this.#text.length && fits(this.#text.charCodeAt(at));
    if (lazy) return this.#lazyRun(fitsAt, least, most);
    return (at, next) => {
      let count = 0;
      while (count < most && fitsAt(at + count)) count++;
      // The one that did not fit was tried, too.
      this.#steps += count < most ? count + 1 : count;
      for (; count >= least; count--) {
        this.#steps++;
        if (next(at + count)) return true;
      }
      return false;
    };
  }

  #lazyRun(fitsAt: (at: number) => boolean, least: number, most: number): Matcher {
    return (at, next) => {
      for (let count = 0; ; count++) {
        if (count >= least && next(at + count)) return true;
        if (count >= most) return false;
        this.#steps++;
        if (!fitsAt(at + count)) return false;
      }
    };
  }
}
