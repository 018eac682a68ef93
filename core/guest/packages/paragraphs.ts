import { LineCutter } from "../../kit/lines.ts";

/** Longer lines are texts for people. */
const MAX_LINE = 4096;

/** Values by the names that are wanted. */
export type Paragraph<K extends string> = Partial<Record<K, string>>;

const COLON = 0x3a;
const decoder = new TextDecoder();

/**
 * The paragraphs of a list in which each line is `name:value`, ended by empty ones: those values whose names are in `fields`,
 * under the names that it gives them. Lines of other names, and those that continue one, are passed over.
 */
export async function* paragraphs<K extends string>(
  content: AsyncIterable<Uint8Array>,
  fields: Readonly<Record<string, K>>,
): AsyncGenerator<Paragraph<K>> {
  const longest = Math.max(...Object.keys(fields).map(({ length }) => length));
  const whole: Paragraph<K>[] = [];
  let open: Paragraph<K> | null = null;
  const finish = () => {
    if (open) whole.push(open);
    open = null;
  };
  const take = (line: Uint8Array | null) => {
    if (line?.length === 0) return finish();
    const paragraph: Paragraph<K> = open ?? {};
    open = paragraph;
    const end = line ? line.subarray(0, longest + 1).indexOf(COLON) : -1;
    const name = line && end > 0 ? String.fromCharCode(...line.subarray(0, end)) : "";
    const key = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (line && key !== undefined) paragraph[key] = decoder.decode(line.subarray(end + 1)).trim();
  };
  const cutter = new LineCutter(take, { most: MAX_LINE });
  for await (const piece of content) {
    cutter.push(piece);
    yield* whole.splice(0);
  }
  cutter.end();
  finish();
  yield* whole;
}
