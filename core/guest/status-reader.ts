import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { Package } from "./package.ts";

const NEWLINE = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
/** More than any line that is looked at; of longer ones the rest is passed over. */
const MAX_LINE = 64 << 10;

/** Longer lines of spaces continue a field. */
const MAX_BLANK = 8;

/** Fields that a package is made of, in lower case. */
type Field = "package" | "status" | "version" | "architecture" | "source" | "installed-size";
type Stanza = Partial<Record<Field, string>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** By their first letter: most lines are told by it alone. */
const WANTED: readonly (readonly (readonly [Field, Uint8Array])[] | undefined)[] = byFirstLetter([
  "package",
  "status",
  "version",
  "architecture",
  "source",
  "installed-size",
]);

/**
 * Packages of a dpkg database (deb-control(5)) that comes in pieces of any size. Each byte is looked at once, and nothing
 * is put together but a line that a piece's end cuts. Throws `E_DPKG_SYNTAX`.
 */
export class StatusReader {
  readonly #path: string;
  #found: Package[] = [];
  #stanza: Stanza | null = null;
  /** The start of a line whose end has not come, in parts, and how long they are. */
  #cut: Uint8Array[] = [];
  #cutLength = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The packages whose paragraphs end in this piece. */
  push(piece: Uint8Array): readonly Package[] {
    let at = 0;
    if (this.#cutLength > 0) {
      const newline = piece.indexOf(NEWLINE);
      this.#keep(newline < 0 ? piece : piece.subarray(0, newline + 1));
      if (newline < 0) return [];
      this.#cutLine();
      at = newline + 1;
    }
    const last = piece.lastIndexOf(NEWLINE);
    while (at <= last) at = this.#line(piece, at);
    if (at < piece.length) this.#keep(piece.subarray(at));
    return this.#take();
  }

  /** The last ones. */
  end(): readonly Package[] {
    if (this.#cutLength > 0) {
      this.#keep(Uint8Array.of(NEWLINE));
      this.#cutLine();
    }
    this.#finish();
    return this.#take();
  }

  #take(): readonly Package[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** A copy: the piece may be a view on what the caller uses again. */
  #keep(part: Uint8Array): void {
    const room = MAX_LINE - this.#cutLength;
    if (room > 0) this.#cut.push(part.slice(0, room));
    this.#cutLength += part.length;
  }

  #cutLine(): void {
    const line = new Uint8Array(Math.min(this.#cutLength, MAX_LINE) + 1).fill(NEWLINE);
    let at = 0;
    for (const part of this.#cut) {
      line.set(part, at);
      at += part.length;
    }
    this.#cut = [];
    this.#cutLength = 0;
    this.#line(line, 0);
  }

  /** One line, which a newline ends; gives where the next one starts. */
  #line(bytes: Uint8Array, start: number): number {
    const first = bytes[start] as number;
    if (first === NEWLINE) {
      this.#finish();
      return start + 1;
    }
    const continued = first === SPACE || first === TAB;
    let colon = start;
    if (!continued) while (bytes[colon] !== COLON && bytes[colon] !== NEWLINE) colon++;
    let end = colon;
    while (bytes[end] !== NEWLINE) end++;
    if (end - start < MAX_BLANK && isBlank(bytes, start, end)) this.#finish();
    else if (continued) this.#stanza ??= {};
    else this.#field(bytes, start, colon, end);
    return end + 1;
  }

  #field(bytes: Uint8Array, start: number, colon: number, end: number): void {
    const first = bytes[start] as number;
    if (colon === end || first <= SPACE || first >= 0x7f) {
      const text = decoder.decode(bytes.subarray(start, Math.min(end, start + 60)));
      throw badStatus(this.#path, `"${printable(text)}" is no field`);
    }
    this.#stanza ??= {};
    const name = fieldName(bytes, start, colon);
    if (name) this.#stanza[name] = decoder.decode(bytes.subarray(colon + 1, end)).trim();
  }

  #finish(): void {
    if (this.#stanza) this.#found.push(toPackage(this.#stanza, this.#path));
    this.#stanza = null;
  }
}

function byFirstLetter(names: readonly Field[]): (readonly (readonly [Field, Uint8Array])[] | undefined)[] {
  const table: [Field, Uint8Array][][] = [];
  for (const name of names) {
    const bytes = encoder.encode(name);
    const letter = bytes[0] as number;
    table[letter] = [...(table[letter] ?? []), [name, bytes]];
  }
  return table;
}

/** Case does not count; letters and hyphens have the bit that tells lower case. */
function fieldName(bytes: Uint8Array, start: number, colon: number): Field | null {
  const length = colon - start;
  for (const [name, letters] of WANTED[(bytes[start] as number) | 0x20] ?? []) {
    if (letters.length !== length) continue;
    let at = 1;
    while (at < length && ((bytes[start + at] as number) | 0x20) === letters[at]) at++;
    if (at === length) return name;
  }
  return null;
}

/** Spaces and their like alone, which end a paragraph too. */
function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === SPACE || ((bytes[at] as number) >= 0x09 && (bytes[at] as number) <= 0x0d))) at++;
  return at === end;
}

function toPackage(stanza: Stanza, path: string): Package {
  const { package: name, version = "", architecture = null, source, status } = stanza;
  if (!name) throw badStatus(path, "a paragraph names no package");
  const kilobytes = stanza["installed-size"];
  return {
    name,
    ...splitVersion(version),
    arch: architecture,
    status: status === undefined ? "installed" : statusOf(status),
    source: source?.split(/\s/, 1)[0] || name,
    size: kilobytes && /^\d{1,12}$/.test(kilobytes) ? Number(kilobytes) * 1024 : null,
  };
}

/** The third word: what is, beside what is wanted and whether it went wrong. */
function statusOf(status: string): string {
  return status === "install ok installed" ? "installed" : (status.split(/\s+/)[2] ?? status);
}

/** `[epoch:]version[-release]` (deb-version(7)): the release starts at the last hyphen. */
export function splitVersion(text: string): Pick<Package, "epoch" | "version" | "release"> {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: colon > 0 && /^\d+:/.test(text) ? Number(text.slice(0, colon)) : null,
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? null : rest.slice(hyphen + 1),
  };
}

export function badStatus(path: string, what: string): GuestkitError {
  return new GuestkitError("E_DPKG_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged; a copy of it may be in /var/backups or /var/lib/dpkg/status-old.",
  });
}
