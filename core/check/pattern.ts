import { GuestkitError } from "../kit/errors.ts";
import { compilePattern, type Step } from "./pattern-program.ts";

/** Steps that all lines of one file may take: a few seconds. */
const MOST = 30_000_000;

/** Whether one of the lines of a text is what the expression describes. Throws `E_CHECK_PATTERN`, `E_CHECK_STEPS`. */
export function matchesLine(expression: string, text: string): boolean {
  const run = new PatternRun(expression);
  let at = 0;
  do {
    const end = text.indexOf("\n", at);
    if (run.matches(text.slice(at, end < 0 ? text.length : end).replace(/\r$/, ""))) return true;
    at = end < 0 ? text.length : end + 1;
    // What stands behind the last newline is no line.
  } while (at < text.length);
  return false;
}

/**
 * All ways of an expression at once (Thompson's construction): each character of the text is met once, by each step at most
 * once, so that no content makes it slow.
 */
class PatternRun {
  readonly #expression: string;
  readonly #program: readonly Step[];
  /** When a step was last put on the list. */
  readonly #seen: Int32Array;
  #turn = 0;
  #spent = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#program = compilePattern(expression);
    this.#seen = new Int32Array(this.#program.length);
  }

  matches(line: string): boolean {
    const chars = [...line];
    let present: number[] = [];
    for (let at = 0; at <= chars.length; at++) {
      const next: number[] = [];
      this.#turn++;
      for (const step of present)
        if (this.#accepts(step, chars[at - 1] as string)) this.#add(step + 1, chars, at, next);
      // It may begin anywhere.
      this.#add(0, chars, at, next);
      if (next.some((step) => this.#program[step]?.op === "match")) return true;
      present = next;
    }
    return false;
  }

  #accepts(index: number, char: string): boolean {
    const step = this.#program[index];
    return step?.op === "char" && step.test(char);
  }

  /** A step with all that it leads to without another character. */
  #add(first: number, chars: readonly string[], at: number, list: number[]): void {
    const waiting = [first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (++this.#spent > MOST) throw tooMuch(this.#expression);
      if (this.#seen[index] === this.#turn) continue;
      this.#seen[index] = this.#turn;
      const step = this.#program[index];
      if (step?.op === "fork") waiting.push(step.other, step.next);
      else if (step?.op !== "assert") list.push(index);
      else if (holds(step.what, chars, at)) waiting.push(index + 1);
    }
  }
}

const isWord = (char: string | undefined) => char !== undefined && /[A-Za-z0-9_]/.test(char);

function holds(what: Extract<Step, { op: "assert" }>["what"], chars: readonly string[], at: number): boolean {
  if (what === "start") return at === 0;
  if (what === "end") return at === chars.length;
  return (isWord(chars[at - 1]) !== isWord(chars[at])) === (what === "word");
}

function tooMuch(expression: string): GuestkitError {
  return new GuestkitError("E_CHECK_STEPS", `Cannot look for "${expression}": the file takes more than ${MOST} steps`, {
    help: "Name a smaller file, or a simpler expression; contains looks for a text in any file.",
  });
}
