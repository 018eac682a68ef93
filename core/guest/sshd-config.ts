import type { Tree } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";
import { expandGlob } from "./glob.ts";
import { matchesGlob } from "./wildcard.ts";

/** One line of sshd_config(5) that counts for everybody. */
export interface SshdLine {
  /** The file that has it. */
  readonly file: string;
  /** In small letters. */
  readonly keyword: string;
  readonly values: readonly string[];
  /** What stands behind the keyword, quotes and comments with it. */
  readonly rest: string;
  /** As it is written, cut where it is long. */
  readonly text: string;
}

/** The text of the main file and of what it takes in, by path. */
export type SshdFiles = Readonly<Record<string, string>>;

/** Where it is looked for; the later one is the distribution's own (SUSE), and only where the administrator has none. */
const MAINS = ["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"];
const FOLDER = "/etc/ssh";
/** Longer lines are no configuration, and patterns stay quick. */
const MAX_LINE = 4096;
/** Characters that are kept of all files: more than any server is told. */
const MAX_TEXT = 256 << 10;
const MAX_FILES = 200;
const MAX_LINES = 10_000;
/** servconf.c: SERVCONF_MAX_DEPTH. */
const MAX_DEPTH = 16;
/** Characters of a line that are shown. */
const SHOWN = 120;

/** Null where there is no configuration. Throws `E_SSHD_SIZE`, with `whole`, where more is said than is kept. */
export async function readSshdFiles(tree: Tree, { whole = false } = {}): Promise<SshdFiles | null> {
  const found: Record<string, string> = {};
  const main = await firstText(tree);
  if (!main) return null;
  let waiting = [main.path];
  let rest = MAX_TEXT;
  for (let depth = 0; depth <= MAX_DEPTH && waiting.length > 0; depth++) {
    const patterns = new Set<string>();
    for (const path of waiting) {
      const text = path in found || (rest <= 0 && !whole) ? null : await tree.readText(path);
      if (text === null) continue;
      const said = essence(text);
      if (whole && (said.length > rest || said.length < saying(text).length)) throw tooMuch(path);
      found[path] = said.slice(0, rest);
      rest -= found[path].length;
      for (const { keyword, values } of lines(path, found[path]))
        if (keyword === "include") for (const each of values) patterns.add(absolute(each));
    }
    waiting = [];
    for (const pattern of [...patterns].slice(0, MAX_FILES)) {
      for (const path of await expandGlob(tree, pattern, MAX_FILES)) if (waiting.length < MAX_FILES) waiting.push(path);
    }
  }
  return found;
}

async function firstText(tree: Tree): Promise<{ path: string } | null> {
  for (const path of MAINS) if (await tree.resolve(path)) return { path };
  return null;
}

/** Without what says nothing, and lines that are too long. */
const essence = (text: string): string => saying(text, MAX_LINE);

const saying = (text: string, longest = Number.POSITIVE_INFINITY): string =>
  text
    .split("\n")
    .filter((line) => line.length <= longest && /^\s*[^\s#]/.test(line))
    .join("\n");

function tooMuch(path: string): GuestkitError {
  return new GuestkitError(
    "E_SSHD_SIZE",
    `Cannot tell what the SSH server is told: "${path}" has lines of more than ${MAX_LINE} characters, or all files more than ${MAX_TEXT}`,
    { at: { file: path }, help: "Shorten it: no server needs as much." },
  );
}

const absolute = (path: string) => (path.startsWith("/") ? path : `${FOLDER}/${path}`);

/**
 * What counts for everybody, in the order in which sshd meets it: of most settings the first one, of some all of them.
 * Includes stand where they are written, their files in lexical order. What `Match all` says takes the place of what is
 * said outside of it (servconf.c, parse_server_match_config); what other blocks make of it for some is left alone.
 */
export function sshdLines(files: SshdFiles): readonly SshdLine[] {
  const main = MAINS.find((path) => path in files);
  const found: Found = { plain: [], matched: [] };
  if (main !== undefined) take(files, main, 0, found, { left: MAX_FILES });
  const matched = new Set(found.matched.map(({ keyword }) => keyword));
  return [...found.plain.filter(({ keyword }) => !matched.has(keyword)), ...found.matched];
}

interface Found {
  readonly plain: SshdLine[];
  readonly matched: SshdLine[];
}

function take(files: SshdFiles, path: string, depth: number, found: Found, visits: { left: number }): void {
  let everybody = true;
  let into: SshdLine[] = found.plain;
  for (const line of lines(path, files[path] ?? "")) {
    if (found.plain.length + found.matched.length >= MAX_LINES) return;
    if (line.keyword === "match") {
      everybody = /^all$/i.test(line.values.join(" "));
      into = found.matched;
    } else if (everybody && line.keyword !== "include") into.push(line);
    else if (everybody && depth < MAX_DEPTH) {
      const inner = into === found.plain ? found : { plain: into, matched: into };
      for (const each of included(files, line.values))
        if (visits.left-- > 0) take(files, each, depth + 1, inner, visits);
    }
  }
}

function included(files: SshdFiles, patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) =>
    Object.keys(files)
      .filter((path) => matchesGlob(path, absolute(pattern)))
      .sort(),
  );
}

function lines(file: string, text: string): readonly SshdLine[] {
  return text.split("\n").flatMap((raw) => {
    const line = raw.trim();
    const [, keyword = "", rest = ""] = /^(\w+)(?:\s*=\s*|\s+|(?=["']))(.*)$/.exec(line) ?? [];
    const values = line.length <= MAX_LINE ? splitWords(rest) : [];
    return values.length > 0
      ? [{ file, keyword: keyword.toLowerCase(), values, rest, text: line.slice(0, SHOWN) }]
      : [];
  });
}

/** Words in single, double or no quotes; a `#` that begins one ends the line (misc.c, argv_split). */
function splitWords(text: string): readonly string[] {
  const found: string[] = [];
  const word = /\s*(?:#.*|((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+))/y;
  for (let match = word.exec(text); match?.[1] !== undefined; match = word.exec(text)) found.push(unquote(match[1]));
  return found;
}

function unquote(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\\(["'\\ ])/g, (_, double, single, char) =>
    char === undefined ? String(double ?? single).replace(/\\(["'\\])/g, "$1") : String(char),
  );
}

/** What is otherwise for some: a `Match` block. */
export interface SshdMatch {
  readonly file: string;
  /** `user git`, `address 10.0.0.0/8`. */
  readonly criteria: string;
  readonly settings: readonly { readonly keyword: string; readonly value: string }[];
}

/** `Match` blocks of all files, by the files' order. A block ends with its file. */
export function sshdMatches(files: SshdFiles): readonly SshdMatch[] {
  const blocks: { file: string; criteria: string; settings: { keyword: string; value: string }[] }[] = [];
  for (const [file, text] of Object.entries(files)) {
    let settings: (typeof blocks)[number]["settings"] = [];
    for (const { keyword, values } of lines(file, text)) {
      const value = values.join(" ");
      if (keyword !== "match") {
        settings.push({ keyword, value });
        continue;
      }
      settings = [];
      if (!/^all$/i.test(value)) blocks.push({ file, criteria: value, settings });
    }
  }
  return blocks;
}
