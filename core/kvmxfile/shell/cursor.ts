import { GuestkitError } from "../../kit/errors.ts";

/** A place in a text that only moves on. */
export class Cursor {
  readonly text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.text = text;
  }

  get at(): number {
    return this.#at;
  }

  /** From 1. */
  get line(): number {
    return this.#line;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  /** The next character, or one behind it; empty at the end. */
  peek(ahead = 0): string {
    return this.text[this.#at + ahead] ?? "";
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.#at);
  }

  /** Takes the next characters. */
  take(count = 1): string {
    const taken = this.text.slice(this.#at, this.#at + count);
    for (const char of taken) if (char === "\n") this.#line++;
    this.#at += taken.length;
    return taken;
  }

  /** Takes what a sticky pattern finds here; null, and nothing taken, where it finds nothing. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.take(found[0].length);
    return found;
  }

  /** Takes everything before `end`, and `end`. Throws `E_KVMXFILE_OPEN` where it does not come. */
  takeUntil(end: string, opened: number): string {
    const found = this.text.indexOf(end, this.#at);
    if (found < 0) throw neverClosed(end, opened);
    const taken = this.take(found - this.#at);
    this.take(end.length);
    return taken;
  }
}

/** A quote, substitution or bracket without its end: what follows it has no meaning. */
export function neverClosed(end: string, line: number): GuestkitError {
  return new GuestkitError("E_KVMXFILE_OPEN", `Cannot read line ${line}: what it opens is never closed by ${end}`, {
    help: `Close it; "sh -n kvmxfile" checks the file without running it.`,
  });
}
