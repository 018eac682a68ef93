import {
  Composer,
  type Document,
  isAlias,
  isCollection,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  visit,
} from "yaml";
import { MOST_LEVELS } from "../kit/depth.ts";
import type { Value } from "../model/value.ts";

/** What cloud-init makes of a document in YAML. */
export interface ReadDocument {
  /** Null where it drops the document, and where that cannot be told. */
  readonly value: { readonly [key: string]: Value } | null;
  /** Why it does, without a word of the text; null where it does not. */
  readonly fault: string | null;
  /** Where that is, counted from 1. */
  readonly line: number | null;
  /** Keys that stand there twice, of which the last one counts. */
  readonly duplicates: readonly string[];
}

/** Larger ones are no configuration (clouds take 16 to 64 KiB), and reading YAML costs much for each. */
const MAX_TEXT = 256 << 10;

/** Of which nothing is said. */
const UNKNOWN: ReadDocument = { value: null, fault: null, line: null, duplicates: [] };

/**
 * Reads a document as PyYAML's safe loader does, by which cloud-init goes: YAML 1.1, one document, a mapping. Beside what
 * the grammar says, that loader takes no tab between words, no character that cannot be printed, no tag of one's own and
 * no collection as a key.
 */
export function readDocument(text: string): ReadDocument {
  if (text.length > MAX_TEXT) return UNKNOWN;
  const lines = new LineCounter();
  try {
    return compose(text, lines);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { what, offset } = error;
    return what === null ? UNKNOWN : { ...UNKNOWN, fault: what, line: lines.linePos(offset).line };
  }
}

class Refusal extends Error {
  /** Null where nothing is to be said of it. */
  readonly what: string | null;
  readonly offset: number;

  constructor(what: string | null, offset: number) {
    super(what ?? "");
    this.what = what;
    this.offset = offset;
  }
}

function compose(text: string, lines: LineCounter): ReadDocument {
  const composer = new Composer({ version: "1.1", prettyErrors: false, uniqueKeys: false });
  const [document, second] = composer.compose(tokens(text, lines), true, text.length);
  const strange = text.search(STRANGE);
  if (strange >= 0) throw new Refusal("a character stands there that YAML does not allow", strange);
  const [error] = document?.errors ?? [];
  // That loader lets brackets go on wherever they like, as long as they close; this one does not say what is in them.
  if (error && /sufficiently indented/.test(error.message) && bracketsClose(text)) return UNKNOWN;
  if (error) throw new Refusal(WORDS[error.code] ?? "it is no YAML", error.pos[0]);
  if (second) throw new Refusal("a second document begins there (---)", second.range[0]);
  if (!document) return UNKNOWN;
  const unresolved = document.warnings.find(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (unresolved)
    throw new Refusal(
      "a tag stands there that has no meaning (text that begins with ! needs quotes)",
      unresolved.pos[0],
    );
  const duplicates = lookThrough(document);
  return { ...mappingOf(document), duplicates };
}

/**
 * Depth is looked at here, since the library composes by calling itself; and so are tabs outside of quotes, comments and
 * blocks of text.
 */
function* tokens(text: string, lines: LineCounter): ReturnType<Parser["end"]> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let [block, scalar] = [false, false];
  for (const token of new Lexer().lex(text)) {
    const tab = token.indexOf("\t");
    const within = /^["'#]/.test(token) || (scalar && block);
    if (tab >= 0 && !within) throw new Refusal("a tab stands there, where YAML wants blanks", parser.offset + tab);
    if (scalar) block = false;
    else if (/^[|>]/.test(token)) block = true;
    scalar = token === SCALAR;
    yield* parser.next(token);
    if (parser.stack.length > MOST_LEVELS) throw new Refusal(null, parser.offset);
  }
  yield* parser.end();
}

/** The lexer's own mark before a text. */
const SCALAR = "\x1f";

/** Of the library's codes, what people can do something with. */
const WORDS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " stands in one line (such text needs quotes)',
  MULTIPLE_DOCS: "a second document begins there (---)",
  BAD_INDENT: "it is indented otherwise than the lines before",
  MISSING_CHAR: "a closing quote, bracket or comma is missing",
  BAD_ALIAS: "a text begins with * (such text needs quotes)",
  BAD_SCALAR_START: "a text begins with %, @ or ` (such text needs quotes)",
};

/** YAML 1.1, 5.1: c-printable. */
const STRANGE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

type YamlDocument = Document.Parsed;

/** As many open as close. */
function bracketsClose(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return count(/[[{]/g) === count(/[\]}]/g);
}

const STRANGE_KEY = "a key is itself a mapping or a list ({{ ... }} needs quotes, or the header ## template: jinja)";

/** Keys that a mapping has twice. Throws a Refusal for what the grammar allows and that loader does not. */
function lookThrough(document: YamlDocument): readonly string[] {
  const duplicates = new Set<string>();
  const anchors = new Set<string>();
  const refuse = (what: string, node: { readonly range?: readonly number[] | null | undefined }): never => {
    throw new Refusal(what, node.range?.[0] ?? 0);
  };
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor) anchors.add(node.anchor);
      if (isAlias(node) && !anchors.has(node.source)) refuse(WORDS.BAD_ALIAS ?? "", node);
    },
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items.filter(isPair)) {
        if (isCollection(key)) refuse(STRANGE_KEY, key);
        if (!isScalar(key)) continue;
        if (key.value === null && !key.source) refuse("there is no key before a colon", key);
        const name = `${typeof key.value} ${String(key.value)}`;
        if (seen.has(name)) duplicates.add(String(key.value));
        seen.add(name);
      }
    },
  });
  return [...duplicates];
}

/** Nothing at all is an empty mapping. */
function mappingOf(document: YamlDocument): Pick<ReadDocument, "value" | "fault" | "line"> {
  try {
    const value: unknown = document.toJS() ?? {};
    if (isMapping(value)) return { value: plain(value) as ReadDocument["value"], fault: null, line: null };
    return { value: null, fault: "it is no mapping (name: value)", line: 1 };
  } catch (error) {
    // Values that hold themselves, or one another many times over: whoever reads them decides.
    if (error instanceof ReferenceError || error instanceof TypeError) return { value: null, fault: null, line: null };
    return { value: null, fault: "a value stands there that has no meaning", line: null };
  }
}

const isMapping = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Set);

/** What JSON knows of it: dates and bytes as text. */
const plain = (value: object): Value => JSON.parse(JSON.stringify(value));
