import { GuestkitError } from "../../../kit/errors.ts";
import { printable } from "../../../kit/name.ts";
import type { Installed } from "../package.ts";

/** Characters of a line that is looked at; of longer ones the rest is passed over. */
const MAX_LINE = 64 << 10;
/** Longer lines of spaces continue a field. */
const MAX_BLANK = 8;

/** Fields that a package is made of, in lower case. */
type Field = "package" | "status" | "version" | "architecture" | "source" | "installed-size";
type Stanza = Partial<Record<Field, string>>;

const WANTED: ReadonlySet<string> = new Set([
  "package",
  "status",
  "version",
  "architecture",
  "source",
  "installed-size",
] satisfies Field[]);

/**
 * Lines in a row that tell nothing that is wanted: fields of other names, and what continues a field. Whole lines alone,
 * so that it never passes what has come.
 */
const OTHERS =
  /(?:[ \t]+[^\s][^\n]*\n|(?!package:|status:|version:|architecture:|source:|installed-size:)[!-9;-~][^:\n]*:[^\n]*\n)+/iy;

/**
 * Packages of a dpkg database (deb-control(5)) that comes in pieces of any size. Each character is looked at once, and
 * nothing is put together but a line that a piece's end cuts. Throws `E_DPKG_SYNTAX`.
 */
export class StatusReader {
  readonly #path: string;
  readonly #decoder = new TextDecoder();
  #found: Installed[] = [];
  #stanza: Stanza | null = null;
  /** The start of a line whose end has not come, in parts, and how long they are. */
  #cut: string[] = [];
  #cutLength = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The packages whose paragraphs end in this piece. */
  push(piece: Uint8Array): readonly Installed[] {
    this.#take(this.#decoder.decode(piece, { stream: true }));
    return this.#found.splice(0);
  }

  /** The last ones. */
  end(): readonly Installed[] {
    this.#take(this.#decoder.decode());
    if (this.#cutLength > 0) this.#take("\n");
    this.#finish();
    return this.#found.splice(0);
  }

  #take(text: string): void {
    let at = 0;
    if (this.#cutLength > 0) {
      at = text.indexOf("\n") + 1;
      if (at > 0) this.#lines(this.#cutLine(text.slice(0, at - 1)), 0);
    }
    const whole = text.lastIndexOf("\n") + 1;
    if (whole > at) this.#lines(text.slice(0, whole), at);
    if (whole < text.length) this.#keep(text.slice(whole));
  }

  #keep(part: string): void {
    if (this.#cutLength < MAX_LINE) this.#cut.push(part.slice(0, MAX_LINE - this.#cutLength));
    this.#cutLength += part.length;
  }

  #cutLine(end: string): string {
    this.#keep(end);
    const line = `${this.#cut.join("")}\n`;
    this.#cut = [];
    this.#cutLength = 0;
    return line;
  }

  /** Whole lines, from `start` on. */
  #lines(text: string, start: number): void {
    for (let at = start; at < text.length; ) {
      OTHERS.lastIndex = at;
      if (OTHERS.test(text)) {
        this.#stanza ??= {};
        at = OTHERS.lastIndex;
      } else at = this.#line(text, at);
    }
  }

  /** One line; gives where the next one starts. */
  #line(text: string, start: number): number {
    const end = text.indexOf("\n", start);
    const first = text.charCodeAt(start);
    if (end - start < MAX_BLANK && text.slice(start, end).trim() === "") this.#finish();
    else if (first === 0x20 || first === 0x09) this.#stanza ??= {};
    else this.#field(text, start, end);
    return end + 1;
  }

  #field(text: string, start: number, end: number): void {
    const first = text.charCodeAt(start);
    const colon = text.indexOf(":", start);
    if (colon < 0 || colon >= end || first <= 0x20 || first >= 0x7f) {
      throw badStatus(this.#path, `"${printable(text.slice(start, Math.min(end, start + 60)))}" is no field`);
    }
    this.#stanza ??= {};
    const name = text.slice(start, colon).toLowerCase();
    if (WANTED.has(name)) this.#stanza[name as Field] = text.slice(colon + 1, end).trim();
  }

  #finish(): void {
    if (this.#stanza) this.#found.push(toPackage(this.#stanza, this.#path));
    this.#stanza = null;
  }
}

function toPackage(stanza: Stanza, path: string): Installed {
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
    ...{ vendor: null, license: null, installed_at: null },
  };
}

/** The third word: what is, beside what is wanted and whether it went wrong. */
function statusOf(status: string): string {
  return status === "install ok installed" ? "installed" : (status.split(/\s+/)[2] ?? status);
}

/** `[epoch:]version[-release]` (deb-version(7)): the release starts at the last hyphen. */
export function splitVersion(text: string): Pick<Installed, "epoch" | "version" | "release"> {
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
