/** The block style of YAML as configuration tools and cloud-init's files write it; no reader of all YAML. */

/** A line with the keys that lead to it; a list's item has its list's keys. */
export interface YamlLine {
  readonly keys: readonly string[];
  readonly value: string;
}

/** Lines with what they hang under, by indentation. */
export function* yamlLines(text: string): Generator<YamlLine> {
  const stack: { indent: number; key: string }[] = [];
  for (const line of text.split("\n")) {
    const content = line.replace(/(?:^|\s)#.*$/, "").trimEnd();
    const indent = content.search(/\S/);
    if (indent < 0 || /^(?:---|\.\.\.)/.test(content)) continue;
    const item = content.trimStart().startsWith("- ");
    while (stack.length > 0 && lastIndent(stack) >= indent + (item ? 1 : 0)) stack.pop();
    const entry = /^\s*("[^"]*"|'[^']*'|[^\s:"'-][^:]*):(?:\s+(.*))?$/.exec(content);
    if (item) yield { keys: stack.map(({ key }) => key), value: content.trimStart().slice(2) };
    if (item || !entry) continue;
    stack.push({ indent, key: plain(entry[1] as string) });
    yield { keys: stack.map(({ key }) => key), value: plain(entry[2] ?? "") };
  }
}

function lastIndent(stack: readonly { indent: number }[]): number {
  return stack.at(-1)?.indent ?? -1;
}

/** Items of `[a, "b"]`. */
export function flowList(value: string): readonly string[] {
  const items = value
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map((item) => plain(item.replace(/:$/, "")));
  return items.filter((item) => item !== "");
}

/** Without its quotes. */
export function plain(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
