/** YAML's flow style: what stands in braces and brackets. */

/** Where a quoted text ends, or -1. In double quotes a backslash takes the next one. */
function skipQuoted(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

/** Quotes open a text where a value begins alone: `it's` holds none. */
const opensText = (text: string, at: number) => /[\s,:[{]/.test(text[at - 1] ?? " ");

/** Brackets that are open behind a line, `depth` of them before it. Those within a plain block value open nothing. */
export function flowEnd(line: string, depth: number): number {
  const start = depth > 0 ? 0 : line.search(/(?:^\s*|:\s+|^\s*-\s+)[[{]/);
  let open = depth;
  for (let at = start; at >= 0 && at < line.length; at++) {
    const char = line[at] as string;
    if ((char === '"' || char === "'") && opensText(line, at)) at = skipQuoted(line, at);
    else if (char === "[" || char === "{") open++;
    else if (char === "]" || char === "}") open = Math.max(0, open - 1);
  }
  return open;
}

/** The parts between the outermost commas of `[a, b]` or `{a: b}`; brackets may be missing. */
export function flowParts(text: string): readonly string[] {
  const inner = text.trim().replace(/^[[{]/, "");
  const found: string[] = [];
  let start = 0;
  let open = 0;
  let at = 0;
  for (; at < inner.length && open >= 0; at++) {
    const char = inner[at] as string;
    if ((char === '"' || char === "'") && opensText(inner, at)) at = skipQuoted(inner, at);
    else if (char === "[" || char === "{") open++;
    else if (char === "]" || char === "}") open--;
    else if (char === "," && open === 0) {
      found.push(inner.slice(start, at));
      start = at + 1;
    }
  }
  found.push(inner.slice(start, open < 0 ? at - 1 : at));
  return found.map((part) => part.trim()).filter((part) => part !== "");
}
