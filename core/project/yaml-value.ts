import {
  type Alias,
  Composer,
  type Document,
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
  type YAMLMap,
} from "yaml";
import { MOST_LEVELS } from "../kit/depth.ts";
import { excerpt, printable } from "../kit/name.ts";

/** Most values that a document may have once its aliases are laid out. */
export const MOST_VALUES = 1 << 20;

/** What is wrong with a text, and where: UTF-16 units from its start. */
export class YamlFault extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

interface Read {
  readonly document: Document.Parsed;
  /** Plain: maps, lists, texts, numbers, truth values and null; parts that an alias names again are one object. */
  readonly value: unknown;
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
  const value = new Reader().read(document.contents);
  measure(value, 0, new Map());
  return { document, value };
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

  read(node: unknown): unknown {
    if (isAlias(node)) return this.#aliased(node);
    if (!isScalar(node) && !isCollection(node)) return null;
    const { tag, anchor } = node;
    if (tag !== undefined && !TAGS.includes(tag)) throw fault(node, `the tag ${tag} is not known`);
    if (anchor !== undefined) this.#anchored.set(anchor, null);
    const value = this.#content(node);
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
    return Object.fromEntries(
      map.items.map(({ key, value }) => {
        if (!isScalar(key)) throw fault(isNode(key) ? key : map, "a key is no plain text");
        const name = String(this.read(key) ?? "");
        if (names.has(name)) throw fault(key, `the key "${printable(excerpt(name))}" is there twice`);
        names.add(name);
        return [name, this.read(value)];
      }),
    );
  }

  #aliased(alias: Alias): unknown {
    const { source } = alias;
    const found = this.#anchored.get(source);
    if (found === undefined) throw fault(alias, `*${source} has no &${source} before it`);
    if (found === null) throw fault(alias, `*${source} stands within &${source}: it would hold itself`);
    return found.value;
  }
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
