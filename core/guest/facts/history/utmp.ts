import type { Tree } from "../../../filesystem/tree.ts";
import type { ByteSource } from "../../../source/source.ts";
import { LAYOUTS, type Layout, secondsOf, TYPES } from "./layout.ts";

/** A record of wtmp or btmp. */
export interface UtmpRecord {
  readonly type: number;
  readonly pid: number;
  readonly line: string;
  readonly user: string;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A file of such records. */
export interface Utmp {
  readonly path: string;
  /** How many there are in all. */
  readonly records: number;
  readonly layout: Layout;
  newestFirst(): AsyncIterable<UtmpRecord>;
}

/** Records that tell the layout. */
const SAMPLE = 16;
/** Records read at once. */
const CHUNK = 256;
/** Later than any machine that wrote one: 1980. */
const FIRST_SECOND = 315_532_800;

/** Null where there is no such file. What is behind the last whole record is passed over, as last(1) does. */
export async function openUtmp(tree: Tree, path: string): Promise<Utmp | null> {
  const source = await tree.open(path);
  if (!source) return null;
  const layout = likeliest(await source.read(0, Math.min(source.size, SAMPLE * 400)));
  const records = Math.floor(source.size / layout.record.size);
  return { path, records, layout, newestFirst: () => backwards(tree, path, source, layout, records) };
}

/** The layout by which most records have a kind and a time. */
function likeliest(head: Uint8Array): Layout {
  const scores = LAYOUTS.map((layout) => {
    let score = 0;
    for (let at = 0; at + layout.record.size <= head.length; at += layout.record.size) {
      if (isSound(layout, head, at)) score++;
    }
    return score;
  });
  return LAYOUTS[scores.indexOf(Math.max(...scores))] as Layout;
}

function isSound({ record }: Layout, head: Uint8Array, at: number): boolean {
  const view = record.decode(head, at);
  return view.type <= TYPES.last && view.microseconds < 1_000_000 && secondsOf(view) >= FIRST_SECOND;
}

async function* backwards(
  tree: Tree,
  path: string,
  source: ByteSource,
  { record }: Layout,
  records: number,
): AsyncGenerator<UtmpRecord> {
  for (let end = records; end > 0; end -= CHUNK) {
    const first = Math.max(0, end - CHUNK);
    const length = (end - first) * record.size;
    tree.budget.spend("bytes", length, path);
    const chunk = await source.read(first * record.size, length);
    for (let at = length - record.size; at >= 0; at -= record.size) {
      const view = record.decode(chunk, at);
      const { type, pid, line, user, host } = view;
      yield { type, pid, line, user, host, at: secondsOf(view) * 1000 + Math.floor(view.microseconds / 1000) };
    }
  }
}
