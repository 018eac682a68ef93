import { flowEnd, flowParts } from "./yaml-flow.ts";

/** YAML as configuration tools, cloud-init's files and people write it, block and flow style; no reader of all YAML. */

/** A line with the keys that lead to it; a list's item has its list's keys. Of a mapping in braces, each entry is one. */
export interface YamlLine {
  readonly keys: readonly string[];
  readonly value: string;
}

/** Lines with what they hang under, by indentation or braces. */
export function* yamlLines(text: string): Generator<YamlLine> {
  const stack: { indent: number; key: string }[] = [];
  for (const content of wholeLines(text)) {
    const indent = content.search(/\S/);
    const item = content.trimStart().startsWith("- ");
    while (stack.length > 0 && lastIndent(stack) >= indent + (item ? 1 : 0)) stack.pop();
    const keys = () => stack.map(({ key }) => key);
    const entry = item ? null : ENTRY.exec(content);
    if (item) yield { keys: keys(), value: content.trimStart().slice(2) };
    else if (content.trimStart().startsWith("{")) yield* flowEntries(keys(), content.trim());
    if (!entry) continue;
    stack.push({ indent, key: plain(entry[1] as string) });
    const value = (entry[2] ?? "").trim();
    if (value.startsWith("{")) yield* flowEntries(keys(), value);
    else yield { keys: keys(), value: plain(value) };
  }
}

const ENTRY = /^\s*("[^"]*"|'[^']*'|[^\s:"'{[-][^:]*):(?:\s+(.*))?$/;

/** Lines without comments and markers; what opens a bracket goes on to where it closes. */
function* wholeLines(text: string): Generator<string> {
  let parts: string[] = [];
  let depth = 0;
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(/(?:^|\s)#.*$/, "").trimEnd();
    if (depth === 0 && (!/\S/.test(content) || /^(?:---|\.\.\.)/.test(content))) continue;
    depth = flowEnd(content, depth);
    parts.push(parts.length > 0 ? content.trimStart() : content);
    if (depth > 0) continue;
    yield parts.join(" ");
    parts = [];
  }
  if (parts.length > 0) yield parts.join(" ");
}

/** Deeper than anybody nests by hand. */
const MAX_DEPTH = 16;

/** `{a: 1, "b": {c: 2}}`: the mapping itself without a value, then its entries. */
function* flowEntries(keys: readonly string[], text: string): Generator<YamlLine> {
  yield { keys, value: "" };
  if (keys.length > MAX_DEPTH) return;
  for (const part of flowParts(text)) {
    const [head, quoted, bare] = FLOW_ENTRY.exec(part) ?? [];
    const name = quoted ?? bare;
    if (head === undefined || name === undefined) continue;
    const value = part.slice(head.length).trim();
    const path = [...keys, plain(name)];
    if (value.startsWith("{")) yield* flowEntries(path, value);
    else yield { keys: path, value: plain(value) };
  }
}

/** In braces, a quoted key needs no space behind its colon (JSON). */
const FLOW_ENTRY = /^(?:("[^"]*"|'[^']*')\s*:|([^\s:"'][^:]*):(?=\s|$))/;

function lastIndent(stack: readonly { indent: number }[]): number {
  return stack.at(-1)?.indent ?? -1;
}

/** Items of `[a, "b"]`; of an item that is a mapping, its key. */
export function flowList(value: string): readonly string[] {
  const items = flowParts(value).map((item) =>
    plain(item.replace(/^\{\s*("[^"]*"|'[^']*'|.*?):.*$/s, "$1").replace(/:$/, "")),
  );
  return items.filter((item) => item !== "");
}

/** Without its quotes. */
export function plain(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
