import { Document, isMap, isScalar, type Pair, Scalar } from "yaml";
import { printable } from "../kit/name.ts";
import type { Import, KeyNote } from "./import.ts";

/** The import as guestkit.yaml: what is to be known of a field beside it, and what is left to do on top. */
export function documentText(found: Import, source: string): string {
  const document = new Document(found.declaration);
  for (const note of found.keys) {
    const text = note.status === "partly" ? note.why : note.instead === null ? note.why : null;
    if (text !== null) comment(document, note, text);
  }
  return `${head(found, source)}${document.toString({ lineWidth: 0 })}`;
}

function head({ name, keys, unread }: Import, source: string): string {
  const left = keys.filter(({ instead }) => instead !== null);
  const lines = [
    `The machine "${name}" of ${source}, by guestkit import-kvmxfile. guestkit plan; guestkit apply.`,
    ...(left.length + unread.length > 0 ? ["", "Not translated, with the lines of that file:"] : []),
    ...left.map(({ key, line, why, instead }) => `  ${line}  ${key}: ${why}. ${instead}`),
    ...unread.map(({ line, word, names }) => `  ${line}  ${word}: ${unreadWhy(names)}.`),
  ];
  return `${lines.map((line) => `# ${printable(line)}`.trimEnd()).join("\n")}\n`;
}

/** Why a line that is no assignment was left out. */
export function unreadWhy(names: readonly string[]): string {
  const none = "only a shell can tell what it does, and nothing of the file is run";
  return names.length === 0 ? none : `${none}; it would set ${[...new Set(names)].join(", ")}`;
}

/** Above the first field that a key became. */
function comment(document: Document, { fields, key }: KeyNote, text: string): void {
  const [field] = fields;
  if (field === undefined) return;
  const found = pairAt(document, ["resources", ...field.split(".")]);
  if (found && isScalar(found.key)) found.key.commentBefore = ` ${key}: ${printable(text)}`;
}

/** The pair of a path, or the nearest one above. */
function pairAt(document: Document, path: readonly string[]): Pair | null {
  let node: unknown = document.contents;
  let pair: Pair | null = null;
  for (const step of path) {
    if (!isMap(node)) return pair;
    const next = node.items.find((each) => (isScalar(each.key) ? each.key.value : each.key) === step);
    if (!next) return pair;
    if (!isScalar(next.key)) next.key = new Scalar(next.key);
    pair = next as Pair;
    node = next.value;
  }
  return pair;
}
