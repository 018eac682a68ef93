import { GuestkitError } from "../kit/errors.ts";
import { excerpt } from "../kit/name.ts";

/** One step of a compiled expression: `next` follows, of a fork `other` as well. */
export type Step =
  | { readonly op: "char"; readonly test: CharTest }
  | { readonly op: "fork"; readonly next: number; readonly other: number }
  | { readonly op: "assert"; readonly what: "start" | "end" | "word" | "noWord" }
  | { readonly op: "match" };

type CharTest = (char: string) => boolean;

/** More steps than any expression that a person writes has. */
const MAX_STEPS = 2000;
const MAX_DEPTH = 50;
const MAX_LENGTH = 1000;
const MAX_REPEAT = 1000;

/** What a backslash and a letter stand for. */
const CLASSES: Readonly<Record<string, CharTest>> = {
  d: (char) => /[0-9]/.test(char),
  D: (char) => !/[0-9]/.test(char),
  w: (char) => /[A-Za-z0-9_]/.test(char),
  W: (char) => !/[A-Za-z0-9_]/.test(char),
  s: (char) => /\s/.test(char),
  S: (char) => !/\s/.test(char),
};
const CONTROLS: Readonly<Record<string, string>> = { t: "\t", r: "\r", f: "\f", v: "\v", n: "\n" };

/** Steps relative to their own start, so that a piece can be laid anywhere, more than once. */
type Piece = readonly Step[];

/**
 * A regular expression as a program that is run in time bounded by program times text: literals, `.`, classes, groups,
 * `|`, `* + ? {m,n}`, `^`, `$`, `\b`, `\d \w \s`, and `(?i)` at its start. Throws `E_CHECK_PATTERN`.
 */
export function compilePattern(text: string): readonly Step[] {
  return new PatternReader(text).read();
}

class PatternReader {
  readonly #text: string;
  readonly #chars: readonly string[];
  readonly #folds: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#folds = text.startsWith("(?i)");
    this.#chars = [...(this.#folds ? text.slice(4) : text)];
  }

  read(): readonly Step[] {
    if (this.#chars.length > MAX_LENGTH) throw this.#wrong(`it has more than ${MAX_LENGTH} characters`);
    const whole = this.#alternatives();
    if (this.#at < this.#chars.length) throw this.#wrong("a ) closes nothing");
    return [...whole, { op: "match" }];
  }

  #alternatives(): Piece {
    const first = this.#sequence();
    if (this.#chars[this.#at] !== "|") return first;
    this.#at++;
    return this.#bounded(either(first, this.#alternatives()));
  }

  #sequence(): Piece {
    let found: Piece = [];
    while (this.#at < this.#chars.length && !["|", ")"].includes(this.#chars[this.#at] as string))
      found = this.#bounded([...found, ...moved(this.#repeated(), found.length)]);
    return found;
  }

  #repeated(): Piece {
    let piece = this.#atom();
    for (let times = this.#times(); times !== null; times = this.#times()) piece = this.#repeat(piece, times);
    return piece;
  }

  /** How often, at least and at most; null where nothing is said. A `?` behind it changes nothing for who only asks whether. */
  #times(): readonly [number, number] | null {
    const rest = this.#chars.slice(this.#at, this.#at + 12).join("");
    const [all = "", min, comma, max] = /^\{(\d{1,4})(,?)(\d{0,4})\}\??/.exec(rest) ?? /^[*+?]\??/.exec(rest) ?? [];
    if (all === "") return null;
    this.#at += all.length;
    if (min === undefined) return [all.startsWith("+") ? 1 : 0, all.startsWith("?") ? 1 : Number.POSITIVE_INFINITY];
    const most = comma === "" ? Number(min) : max ? Number(max) : Number.POSITIVE_INFINITY;
    if (Number(min) > MAX_REPEAT || most < Number(min)) throw this.#wrong(`${all} cannot be counted`);
    return [Number(min), most];
  }

  #repeat(piece: Piece, [least, most]: readonly [number, number]): Piece {
    let found: Piece = [];
    const add = (more: Piece) => {
      found = this.#bounded([...found, ...moved(more, found.length)]);
    };
    for (let at = 0; at < least; at++) add(piece);
    if (most === Number.POSITIVE_INFINITY) add(anyOften(piece));
    else for (let at = least; at < most; at++) add(maybe(piece));
    return found;
  }

  #atom(): Piece {
    const char = this.#chars[this.#at++] as string;
    if (char === "(") return this.#group();
    if (char === "[") return this.#set();
    if (char === "^") return [{ op: "assert", what: "start" }];
    if (char === "$") return [{ op: "assert", what: "end" }];
    if (char === ".") return [{ op: "char", test: () => true }];
    if (/[*+?]/.test(char)) throw this.#wrong(`${char} repeats nothing`);
    if (char !== "\\") return this.#literal(char);
    const next = this.#chars[this.#at];
    if (next === "b" || next === "B") {
      this.#at++;
      return [{ op: "assert", what: next === "b" ? "word" : "noWord" }];
    }
    const escaped = this.#escaped();
    return typeof escaped === "string" ? this.#literal(escaped) : [{ op: "char", test: escaped }];
  }

  #group(): Piece {
    if (this.#chars[this.#at] === "?") {
      if (this.#chars[this.#at + 1] !== ":") throw this.#wrong("(? begins only (?:");
      this.#at += 2;
    }
    if (++this.#depth > MAX_DEPTH) throw this.#wrong(`groups lie more than ${MAX_DEPTH} deep`);
    const inner = this.#alternatives();
    this.#depth--;
    if (this.#chars[this.#at++] !== ")") throw this.#wrong("a ( is not closed");
    return inner;
  }

  #set(): Piece {
    const negated = this.#chars[this.#at] === "^";
    if (negated) this.#at++;
    const tests: CharTest[] = [];
    for (let first = true; first || this.#chars[this.#at] !== "]"; first = false) {
      if (this.#at >= this.#chars.length) throw this.#wrong("a [ is not closed");
      tests.push(this.#member());
    }
    this.#at++;
    return [{ op: "char", test: (char) => tests.some((test) => test(char)) !== negated }];
  }

  #member(): CharTest {
    const named = /^\[([:.=])[^\]]*\1\]/.exec(this.#chars.slice(this.#at, this.#at + 20).join(""))?.[0];
    if (named !== undefined) throw this.#wrong(`${named} is not known here`);
    const low = this.#one();
    if (typeof low !== "string") return low;
    if (this.#chars[this.#at] !== "-" || [undefined, "]"].includes(this.#chars[this.#at + 1])) return this.#same(low);
    this.#at++;
    const high = this.#one();
    if (typeof high !== "string" || high < low) throw this.#wrong("a range in [] ends before it begins");
    const isIn = (char: string) => char >= low && char <= high;
    return this.#folds ? (char) => isIn(char.toLowerCase()) || isIn(char.toUpperCase()) : isIn;
  }

  #one(): string | CharTest {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw this.#wrong("a [ is not closed");
    return char === "\\" ? this.#escaped() : char;
  }

  #escaped(): string | CharTest {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw this.#wrong("it ends in a \\");
    const known = CLASSES[char] ?? CONTROLS[char];
    if (known === undefined && /[A-Za-z0-9<>]/.test(char)) throw this.#wrong(`\\${char} is not known here`);
    return known ?? char;
  }

  #literal(char: string): Piece {
    return [{ op: "char", test: this.#same(char) }];
  }

  #same(char: string): CharTest {
    const folded = char.toLowerCase();
    return this.#folds ? (other) => other.toLowerCase() === folded : (other) => other === char;
  }

  #bounded(piece: Piece): Piece {
    if (piece.length > MAX_STEPS) throw this.#wrong(`it has more than ${MAX_STEPS} parts once its counts are laid out`);
    return piece;
  }

  #wrong(why: string): GuestkitError {
    return new GuestkitError("E_CHECK_PATTERN", `Cannot use the expression "${excerpt(this.#text)}": ${why}`, {
      help: "Write it with literals, ., [], (), |, * + ? {m,n}, ^, $, \\d \\w \\s \\b, and (?i) at its start.",
    });
  }
}

const moved = (piece: Piece, by: number): Piece =>
  piece.map((step) => (step.op === "fork" ? { ...step, next: step.next + by, other: step.other + by } : step));

/** A fork that goes on at once: a jump. */
const jump = (to: number): Step => ({ op: "fork", next: to, other: to });

const either = (a: Piece, b: Piece): Piece => [
  { op: "fork", next: 1, other: a.length + 2 },
  ...moved(a, 1),
  jump(a.length + b.length + 2),
  ...moved(b, a.length + 2),
];
const maybe = (piece: Piece): Piece => [{ op: "fork", next: 1, other: piece.length + 1 }, ...moved(piece, 1)];
const anyOften = (piece: Piece): Piece => [
  { op: "fork", next: 1, other: piece.length + 2 },
  ...moved(piece, 1),
  jump(0),
];
