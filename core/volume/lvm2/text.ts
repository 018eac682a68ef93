/** A value of LVM2's text format. */
export type Value = string | number | readonly (string | number)[];
/** What stands between braces, by name. */
export interface Section {
  readonly values: ReadonlyMap<string, Value>;
  readonly sections: ReadonlyMap<string, Section>;
}

/** Sections in one another: a segment's lie on the fourth level. */
const MOST_LEVELS = 16;
/** Names of values and sections, all in all: a volume has twenty. */
const MOST_NAMES = 500_000;
/** Most sections lack the one or the other. */
const NO_VALUES: ReadonlyMap<string, Value> = new Map();
const NO_SECTIONS: ReadonlyMap<string, Section> = new Map();

/**
 * LVM2's text format, as vgcfgbackup(8) writes it: `name = value`, `name { ... }`, lists in brackets, comments from `#`
 * on. Throws a SyntaxError that says where it ends to make sense.
 */
export function parseText(text: string): Section {
  return new Parser(text).section(0);
}

// Bounded: an engine remembers each character that a loop without an end has taken.
const NAME = /[A-Za-z0-9_.+@-]{1,1024}/y;
const NUMBER = /[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?/y;

class Parser {
  readonly #text: string;
  #at = 0;
  #names = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the closing brace, or the text's end on the first level. */
  section(level: number): Section {
    const values = new Map<string, Value>();
    const sections = new Map<string, Section>();
    if (level > MOST_LEVELS) throw this.#wrong(`sections lie more than ${MOST_LEVELS} levels deep`);
    for (;;) {
      this.#skip();
      if (level === 0 ? this.#at >= this.#text.length : this.#takes("}")) {
        return { values: values.size > 0 ? values : NO_VALUES, sections: sections.size > 0 ? sections : NO_SECTIONS };
      }
      const name = this.#name();
      if (++this.#names > MOST_NAMES) throw this.#wrong(`it has more than ${MOST_NAMES} names`);
      if (values.has(name) || sections.has(name)) throw this.#wrong(`"${name}" stands there twice`);
      this.#skip();
      if (this.#takes("{")) sections.set(name, this.section(level + 1));
      else if (this.#takes("=")) values.set(name, this.#value());
      else throw this.#wrong(`neither = nor { follows "${name}"`);
    }
  }

  #value(): Value {
    this.#skip();
    return this.#takes("[") ? this.#list() : this.#scalar();
  }

  #list(): readonly (string | number)[] {
    const list: (string | number)[] = [];
    for (;;) {
      this.#skip();
      if (this.#takes("]")) return list;
      list.push(this.#scalar());
      this.#skip();
      if (this.#takes(",")) continue;
      if (this.#takes("]")) return list;
      throw this.#wrong("a list does not end");
    }
  }

  #scalar(): string | number {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") return this.#string(quote);
    const found = this.#match(NUMBER);
    if (found === null) throw this.#wrong("a value is missing");
    const number = Number(found);
    if (Math.abs(number) > Number.MAX_SAFE_INTEGER) throw this.#wrong(`the number ${found.slice(0, 40)} is too large`);
    return number;
  }

  #name(): string {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") return this.#string(quote);
    const name = this.#match(NAME);
    if (name === null) throw this.#wrong("a name is missing");
    return name;
  }

  /** In double quotes a backslash takes the next character as it is. */
  #string(quote: string): string {
    const parts: string[] = [];
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at++) {
      const each = this.#text[at];
      if (each === quote) {
        this.#at = at + 1;
        parts.push(this.#text.slice(from, at));
        return parts.join("");
      }
      if (each !== "\\" || quote === "'") continue;
      parts.push(this.#text.slice(from, at));
      from = ++at;
    }
    throw this.#wrong("a string does not end");
  }

  #takes(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      if (this.#text[this.#at] === "#") this.#at = endOfLine(this.#text, this.#at);
      else if (this.#text.charCodeAt(this.#at) > 32) return;
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [null];
    if (found !== null) this.#at += found.length;
    return found;
  }

  #wrong(what: string): SyntaxError {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    return new SyntaxError(`${what}, in line ${line}`);
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
