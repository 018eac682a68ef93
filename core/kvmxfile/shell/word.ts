import { type Cursor, neverClosed } from "./cursor.ts";

/** What a word comes to, or why only a shell that runs could tell. */
export type ShellValue =
  | { readonly kind: "text"; readonly text: string; readonly secret: boolean }
  | { readonly kind: "unknown"; readonly why: string };

/** A variable's value. */
export type Lookup = (name: string) => ShellValue;

/** More than any value of a configuration; one that doubles itself line by line ends here. */
const LONGEST = 64 * 1024;

/**
 * Reads one word as POSIX shells do (2.2 Quoting, 2.6 Word Expansions of XCU): quotes, backslashes, `$NAME`, `${NAME}`
 * and `~`. Nothing is run: whatever would have to be makes the word unknown. Throws `E_KVMXFILE_OPEN`.
 */
export function readWord(cursor: Cursor, lookup: Lookup): ShellValue {
  const word = new Word(lookup);
  while (!cursor.isAtEnd && !/[\s;&|()<>]/.test(cursor.peek())) readPiece(cursor, word);
  return word.value;
}

function readPiece(cursor: Cursor, word: Word): void {
  const opened = cursor.line;
  const char = cursor.peek();
  if (char === "'") {
    cursor.take();
    word.add(cursor.takeUntil("'", opened));
  } else if (char === '"') readDouble(cursor, word);
  else if (char === "$") readDollar(cursor, word);
  else if (char === "`") skipBackquoted(cursor, word);
  else if (char === "\\") readBackslash(cursor, word);
  else if (char === "~" && word.mayHoldHome) readTilde(cursor, word);
  else word.add(cursor.take());
}

function readBackslash(cursor: Cursor, word: Word): void {
  cursor.take();
  const next = cursor.take();
  // A line that goes on leaves nothing behind.
  if (next !== "\n") word.add(next);
}

function readDouble(cursor: Cursor, word: Word): void {
  const opened = cursor.line;
  cursor.take();
  while (cursor.peek() !== '"') {
    if (cursor.isAtEnd) throw neverClosed('"', opened);
    if (cursor.peek() === "$") readDollar(cursor, word);
    else if (cursor.peek() === "`") skipBackquoted(cursor, word);
    else if (cursor.peek() === "\\" && /[$`"\\\n]/.test(cursor.peek(1))) readBackslash(cursor, word);
    else word.add(cursor.take());
  }
  cursor.take();
  word.add("");
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

function readDollar(cursor: Cursor, word: Word): void {
  const opened = cursor.line;
  cursor.take();
  const name = cursor.match(NAME)?.[0];
  if (name !== undefined) word.expand(name);
  else if (cursor.peek() === "(") {
    skipParentheses(cursor);
    word.spoil("it is what a command prints");
  } else if (cursor.peek() === "{") {
    cursor.take();
    const inner = cursor.takeUntil("}", opened);
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(inner)) word.expand(inner);
    else word.spoil("it uses an expansion that only a shell carries out");
  } else if (cursor.peek() === "'") {
    cursor.take();
    cursor.takeUntil("'", opened);
    word.spoil("it uses $'...', which not every shell knows");
  } else if (/[0-9@*#?$!-]/.test(cursor.peek())) {
    cursor.take();
    word.spoil("it uses a parameter of the shell that reads the file");
  } else if (cursor.peek() !== '"') word.add("$");
}

function skipBackquoted(cursor: Cursor, word: Word): void {
  const opened = cursor.line;
  cursor.take();
  while (cursor.peek() !== "`") {
    if (cursor.isAtEnd) throw neverClosed("`", opened);
    cursor.take(cursor.peek() === "\\" ? 2 : 1);
  }
  cursor.take();
  word.spoil("it is what a command prints");
}

/** `( ... )` with what is nested in it. */
export function skipParentheses(cursor: Cursor): void {
  const opened = cursor.line;
  let depth = 0;
  do {
    if (cursor.isAtEnd) throw neverClosed(")", opened);
    const char = cursor.take();
    if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (char === "\\") cursor.take();
    else if (char === "'") cursor.takeUntil("'", cursor.line);
    else if (char === '"') skipQuoted(cursor);
  } while (depth > 0);
}

function skipQuoted(cursor: Cursor): void {
  const opened = cursor.line;
  while (cursor.peek() !== '"') {
    if (cursor.isAtEnd) throw neverClosed('"', opened);
    cursor.take(cursor.peek() === "\\" ? 2 : 1);
  }
  cursor.take();
}

function readTilde(cursor: Cursor, word: Word): void {
  cursor.take();
  if (/[/:\s;]|^$/.test(cursor.peek())) word.expand("HOME");
  else word.spoil("it names somebody else's home folder");
}

class Word {
  readonly #lookup: Lookup;
  #text = "";
  #secret = false;
  #why: string | null = null;
  #started = false;
  #last = "";

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  /** `~` is a home folder at the start of an assigned value and after each colon. */
  get mayHoldHome(): boolean {
    return !this.#started || this.#last === ":";
  }

  get value(): ShellValue {
    if (this.#why !== null) return { kind: "unknown", why: this.#why };
    return { kind: "text", text: this.#text, secret: this.#secret };
  }

  add(text: string): void {
    this.#started = true;
    if (this.#why === null && this.#text.length + text.length > LONGEST) this.spoil("it is too long");
    if (this.#why !== null) return;
    this.#text += text;
    this.#last = text.at(-1) ?? this.#last;
  }

  expand(name: string): void {
    const value = this.#lookup(name);
    if (value.kind === "unknown") this.spoil(value.why);
    else {
      this.#secret ||= value.secret;
      this.add(value.text);
    }
  }

  /** The first reason is the one that is told. */
  spoil(why: string): void {
    this.#started = true;
    this.#why ??= why;
  }
}
