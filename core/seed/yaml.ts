/** What can be written: the part of YAML that JSON is. Null fields are left out. */
export type Node = string | number | boolean | readonly Node[] | { readonly [key: string]: Node | null };

/** Block style, every text in double quotes, two blanks a level: equal input, equal text. */
export function writeYaml(node: { readonly [key: string]: Node | null }): string {
  const lines = mapping(node);
  return lines.length === 0 ? "{}\n" : `${lines.join("\n")}\n`;
}

function mapping(node: { readonly [key: string]: Node | null }): readonly string[] {
  return Object.entries(node).flatMap(([key, value]) => (value === null ? [] : entry(`${keyText(key)}:`, value)));
}

function entry(head: string, value: Node): readonly string[] {
  if (typeof value !== "object") return [`${head} ${scalar(value)}`];
  const lines = isSequence(value) ? value.flatMap(item) : mapping(value);
  if (lines.length === 0) return [`${head} ${isSequence(value) ? "[]" : "{}"}`];
  return [head, ...lines.map((line) => `  ${line}`)];
}

function item(value: Node): readonly string[] {
  if (typeof value !== "object") return [`- ${scalar(value)}`];
  const lines = isSequence(value) ? value.flatMap(item) : mapping(value);
  if (lines.length === 0) return [`- ${isSequence(value) ? "[]" : "{}"}`];
  return lines.map((line, index) => `${index === 0 ? "- " : "  "}${line}`);
}

function isSequence(value: object): value is readonly Node[] {
  return Array.isArray(value);
}

function keyText(key: string): string {
  return /^[a-z]{2}[a-z0-9_-]*$/i.test(key) && !/^(yes|no|on|off|true|false|null)$/i.test(key) ? key : scalar(key);
}

/** What stands in no quoted text as it is: control characters, line ends of YAML 1.1, marks, halves of surrogates. */
const ESCAPED = /["\\\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/gu;
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r" };

function scalar(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  return `"${value.replace(ESCAPED, (char) => SHORT[char] ?? escapeCode(char))}"`;
}

function escapeCode(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
