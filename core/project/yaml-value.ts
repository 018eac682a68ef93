import {
  type Alias,
  Composer,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type LineCounter,
  type Node,
  Parser,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { MOST_LEVELS } from "../kit/depth.ts";
import { excerpt, printable } from "../kit/name.ts";

/** Most values that a document may have once its aliases are laid out. */
export const MOST_VALUES = 1 << 20;

/** Most keys that its merge keys may make. */
const MOST_MERGED = 1 << 17;

/** What is wrong with a text, and where: UTF-16 units from its start. */
export class YamlFault extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

type Step = string | number;

interface Read {
  /** Plain: maps, lists, texts, numbers, truth values and null; parts that an alias names again are one object. */
  readonly value: unknown;
  /** Where a value stands, also what aliases and merge keys bring in: UTF-16 units from the start of the text. */
  readonly offset: (path: readonly Step[]) => number | undefined;
}

/**
 * YAML 1.2 with the core schema. The library composes by calling itself, which a deep text ends in a crash of the
 * process, and compares each key with all before it: depth is looked at while the text is cut, keys afterwards.
 * Throws `YamlFault`.
 */
export function readYaml(text: string, lines: LineCounter): Read {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  const [document, second] = composer.compose(tokens(text, lines), true, text.length);
  if (!document) throw new YamlFault(0, "it is empty");
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw new YamlFault(error.pos[0], error.message);
  if (second) throw new YamlFault(second.range[0], "a second document begins; only one is read");
  if (document.directives.yaml.version !== "1.2") throw new YamlFault(0, "only YAML 1.2 is read: leave %YAML out");
  const reader = new Reader();
  const value = reader.read(document.contents);
  measure(value, 0, new Map());
  const nodeAt = (path: readonly Step[]) => (path.length === 0 ? document.contents : reader.find(value, path));
  return { value, offset: (path) => nodeAt(path)?.range?.[0] };
}

function* tokens(text: string, lines: LineCounter): ReturnType<Parser["end"]> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MOST_LEVELS) throw tooDeep(parser.offset);
  }
  yield* parser.end();
}

const tooDeep = (offset: number): YamlFault =>
  new YamlFault(offset, `it is nested more than ${MOST_LEVELS} levels deep`);

const TAGS = ["str", "int", "float", "bool", "null", "map", "seq"].map((each) => `tag:yaml.org,2002:${each}`);

/**
 * The plain value of a node, each part made once. What the library takes and this project does not is refused: keys that
 * are there twice or are no texts, tags beyond the core's, aliases of nothing and of what they stand in.
 */
class Reader {
  /** By anchor, in the order of the text; a part that is not at its end has none yet. */
  readonly #anchored = new Map<string, { readonly value: unknown } | null>();
  /** The node of each map and list. */
  readonly #nodes = new Map<unknown, Node>();
  /** What the merge key of a map names, the one that counts first. */
  readonly #sources = new Map<unknown, readonly object[]>();
  #mergedKeys = 0;

  read(node: unknown): unknown {
    if (isAlias(node)) return this.#aliased(node);
    if (!isScalar(node) && !isCollection(node)) return null;
    const { tag, anchor } = node;
    if (tag !== undefined && !TAGS.includes(tag)) throw fault(node, `the tag ${tag} is not known`);
    if (anchor !== undefined) this.#anchored.set(anchor, null);
    const value = this.#content(node);
    if (isCollection(node)) this.#nodes.set(value, node);
    if (anchor !== undefined) this.#anchored.set(anchor, { value });
    return value;
  }

  #content(node: Node): unknown {
    if (isSeq(node)) return node.items.map((each) => this.read(each));
    if (isMap(node)) return this.#map(node);
    return isScalar(node) ? node.value : null;
  }

  #map(map: YAMLMap): unknown {
    const names = new Set<string>();
    const sources: object[] = [];
    const own = map.items.flatMap(({ key, value }): [string, unknown][] => {
      if (!isScalar(key)) throw fault(isNode(key) ? key : map, "a key is no plain text");
      const name = String(this.read(key) ?? "");
      if (names.has(name)) throw fault(key, `the key "${printable(excerpt(name))}" is there twice`);
      names.add(name);
      const content = this.read(value);
      if (!isMergeKey(key)) return [[name, content]];
      sources.push(...sourcesIn(content, isNode(value) ? value : key));
      return [];
    });
    if (sources.length === 0) return Object.fromEntries(own);
    const merged = Object.fromEntries([...this.#merged(sources, map), ...own]);
    this.#sources.set(merged, sources);
    return merged;
  }

  /** A small text that merges a large map again and again would make much: so many keys in all. */
  #merged(sources: readonly object[], map: YAMLMap): ReadonlyMap<string, unknown> {
    const found = new Map<string, unknown>();
    for (const source of sources) {
      for (const [name, value] of Object.entries(source)) {
        if (++this.#mergedKeys > MOST_MERGED) throw fault(map, `its merge keys make more than ${MOST_MERGED} keys`);
        if (!found.has(name)) found.set(name, value);
      }
    }
    return found;
  }

  /** The node of what is within a value. */
  find(value: unknown, [step, ...rest]: readonly Step[]): Node | undefined {
    const node = step === undefined ? undefined : this.#step(value, step);
    if (rest.length === 0 || !node) return node;
    return this.find((value as Readonly<Record<Step, unknown>>)[step as Step], rest);
  }

  #step(value: unknown, step: Step): Node | undefined {
    const node = this.#nodes.get(value);
    if (isSeq(node)) return nodeOf(node.items[Number(step)]);
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value ?? "") === String(step));
    if (pair) return nodeOf(pair.value) ?? nodeOf(pair.key);
    const source = this.#sources.get(value)?.find((each) => Object.hasOwn(each, step));
    return source && this.#step(source, step);
  }

  #aliased(alias: Alias): unknown {
    const { source } = alias;
    const found = this.#anchored.get(source);
    if (found === undefined) throw fault(alias, `*${source} has no &${source} before it`);
    if (found === null) throw fault(alias, `*${source} stands within &${source}: it would hold itself`);
    return found.value;
  }
}

const nodeOf = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

/** `<<` without quotes or a tag: YAML 1.1 has it, and most files that are written by hand expect it. */
const isMergeKey = ({ value, type, tag }: Scalar): boolean => value === "<<" && type === "PLAIN" && tag === undefined;

/** A map, or a list of maps of which the first counts first. */
function sourcesIn(value: unknown, node: Node): readonly object[] {
  const all = Array.isArray(value) ? value : [value];
  const isPlainMap = (each: unknown): each is object =>
    typeof each === "object" && each !== null && !Array.isArray(each);
  if (all.every(isPlainMap)) return all;
  throw fault(node, "<< takes a map or a list of maps, as *NAME");
}

const fault = ({ range }: Node, message: string): YamlFault => new YamlFault(range?.[0] ?? 0, message);

interface Extent {
  /** Values within, itself included, aliases laid out. */
  readonly count: number;
  /** Levels below it. */
  readonly height: number;
}

/** Aliases make a small text large and deep: each part is measured once. Throws `YamlFault`. */
function measure(value: unknown, level: number, known: Map<object, Extent>): Extent {
  if (typeof value !== "object" || value === null) return { count: 1, height: 0 };
  const before = known.get(value);
  if (level + (before?.height ?? 0) > MOST_LEVELS) throw tooDeep(0);
  if (before) return before;
  let [count, height] = [1, 0];
  for (const each of Object.values(value)) {
    const inner = measure(each, level + 1, known);
    [count, height] = [count + inner.count, Math.max(height, inner.height + 1)];
  }
  if (count > MOST_VALUES) throw new YamlFault(0, `its aliases make more than ${MOST_VALUES} values of it`);
  known.set(value, { count, height });
  return { count, height };
}
