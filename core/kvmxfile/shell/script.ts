import { Blocks } from "./block.ts";
import { Cursor, neverClosed } from "./cursor.ts";
import { type Lookup, readWord, type ShellValue, skipParentheses } from "./word.ts";

/** `NAME=VALUE` where nothing decides whether it is done. */
export interface Assignment {
  readonly name: string;
  readonly value: ShellValue;
  /** From 1. */
  readonly line: number;
}

/** What a shell would have run, and what nobody but a shell can tell. */
export interface Unread {
  readonly line: number;
  /** Its first word. */
  readonly word: string;
  /** Variables that it would have set. */
  readonly names: readonly string[];
}

export interface Script {
  readonly assignments: readonly Assignment[];
  readonly unread: readonly Unread[];
}

/**
 * Reads the plain assignments of a shell script without running any of it, each with the values of those before it.
 * `outside` knows the variables that the script does not set. Throws `E_KVMXFILE_OPEN`.
 */
export function readScript(text: string, outside: Lookup): Script {
  return new Reader(text.replaceAll("\r\n", "\n"), outside).read();
}

const BLANK = /(?:[^\S\n]|\\\n)+/y;
const ASSIGNMENT = /(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)(\+?)=/y;

const HERE_DOCUMENT = /<-?[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|([^\s'"<>;&|()]+))/y;

class Reader {
  readonly #cursor: Cursor;
  readonly #outside: Lookup;
  readonly #blocks = new Blocks();
  readonly #values = new Map<string, ShellValue>();
  readonly #assignments: Assignment[] = [];
  readonly #unread: Unread[] = [];
  /** Words that end the here-documents which start after this line. */
  #documents: string[] = [];
  /** The list of commands that this one belongs to is told already, as one thing. */
  #told: string[] | null = null;

  constructor(text: string, outside: Lookup) {
    this.#cursor = new Cursor(text);
    this.#outside = outside;
  }

  read(): Script {
    const cursor = this.#cursor;
    while (!cursor.isAtEnd) {
      cursor.match(BLANK);
      if (cursor.peek() === "#") cursor.match(/[^\n]*/y);
      else if (cursor.peek() === "\n") this.#endLine();
      else if (/[;&|()<>]/.test(cursor.peek())) this.#operator();
      else if (!cursor.isAtEnd) this.#command();
    }
    return { assignments: this.#assignments, unread: this.#unread };
  }

  #endLine(): void {
    const opened = this.#cursor.line;
    this.#cursor.take();
    this.#endList();
    for (const end of this.#documents) this.#skipDocument(end, opened);
    this.#documents = [];
  }

  #endList(): void {
    if (!this.#blocks.isInside) this.#told = null;
  }

  #skipDocument(end: string, opened: number): void {
    while (!this.#cursor.isAtEnd) {
      const line = this.#cursor.match(/[^\n]*/y)?.[0] ?? "";
      this.#cursor.take();
      if (line.trim() === end) return;
    }
    throw neverClosed(end, opened);
  }

  #operator(): void {
    const cursor = this.#cursor;
    const char = cursor.take();
    if (char === ";") this.#endList();
    else if (char === "(" || char === ")") {
      if (char === "(") this.#tell("(", cursor.line);
      this.#blocks.meet(char);
    } else {
      const document = char === "<" && !cursor.match(/<</y) ? cursor.match(HERE_DOCUMENT) : null;
      if (document) this.#documents.push(document[1] ?? document[2] ?? document[3] ?? "");
      this.#tell(char, cursor.line);
    }
  }

  #command(): void {
    const cursor = this.#cursor;
    const { line } = cursor;
    const found: Assignment[] = [];
    for (let next = cursor.match(ASSIGNMENT); next; next = cursor.match(ASSIGNMENT)) {
      found.push({ name: next[1] ?? "", value: this.#value(next[1] ?? "", next[2] === "+"), line });
      cursor.match(BLANK);
    }
    if (found.length > 0) this.#assigned(found, line);
    else this.#word(line);
  }

  /** Whether what is assigned stays: not before a command, a pipe, or `&&`, nor behind one. */
  #assigned(found: readonly Assignment[], line: number): void {
    const isPlain = this.#told === null && !this.#blocks.isInside && /[\n;#]|^$/.test(this.#cursor.peek());
    for (const each of found) {
      const value: ShellValue = isPlain ? each.value : { kind: "unknown", why: "it depends on what a command does" };
      this.#values.set(each.name, value);
      if (isPlain) this.#assignments.push(each);
    }
    if (isPlain) return;
    this.#tell(found[0]?.name ?? "", line);
    this.#told?.push(...found.map(({ name }) => name));
  }

  #value(name: string, isAppended: boolean): ShellValue {
    if (this.#cursor.peek() === "(") {
      skipParentheses(this.#cursor);
      return { kind: "unknown", why: "it is a list" };
    }
    const value = readWord(this.#cursor, (each) => this.#lookup(each));
    if (!isAppended || value.kind === "unknown") return value;
    const before = this.#lookup(name);
    if (before.kind === "unknown") return before;
    return { ...value, text: before.text + value.text, secret: before.secret || value.secret };
  }

  #lookup(name: string): ShellValue {
    const value = this.#values.get(name) ?? this.#outside(name);
    return value.kind === "text" && isSecret(name) ? { ...value, secret: true } : value;
  }

  /** A word where a command begins, with what follows it up to the next operator. */
  #word(line: number): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    readWord(cursor, (name) => this.#lookup(name));
    const word = cursor.text.slice(start, cursor.at);
    const role = this.#blocks.meet(word);
    if (role === "closes" || role === "between") return;
    this.#tell(word, line);
    if (role === "opens" && !["for", "case", "select"].includes(word)) return;
    this.#arguments();
  }

  #arguments(): void {
    const cursor = this.#cursor;
    for (;;) {
      cursor.match(BLANK);
      if (cursor.isAtEnd || /[\n;&|()<>#]/.test(cursor.peek())) return;
      readWord(cursor, (name) => this.#lookup(name));
    }
  }

  /** One entry for a whole list or block. */
  #tell(word: string, line: number): void {
    if (this.#told) return;
    this.#told = [];
    this.#unread.push({ line, word, names: this.#told });
  }
}

/** What is never to leave the file, under whatever other name. */
export const isSecret = (name: string): boolean => /pass(w|phrase)|secret|token/i.test(name);
