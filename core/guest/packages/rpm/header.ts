import { type Eventual, whenHere } from "../../../kit/eventual.ts";
import type { Pieces } from "../../pieces.ts";
import { damaged } from "./fault.ts";
import { ENTRY, INTRO, MAX_BYTES, MAX_ENTRIES, NumberTag, TextTag, Type } from "./layout.ts";

/** What a header says of its package; null where it does not. */
export type Header = {
  readonly name: string;
  readonly version: string;
  /** `bash-5.2.26-3.fc40.src.rpm`. */
  readonly sourceRpm: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** Seconds since 1970. */
  readonly installTime: number | null;
} & { readonly [K in "release" | "arch" | "vendor" | "license"]: string | null } & { readonly epoch: number | null };

type Text = keyof typeof TextTag;
type Numbered = keyof typeof NumberTag;

const TEXTS = new Map<number, Text>(Object.entries(TextTag).map(([name, tag]) => [tag, name as Text]));
const NUMBERS = new Map<number, Numbered>(Object.entries(NumberTag).map(([name, tag]) => [tag, name as Numbered]));

/** Most texts that are wanted end within as many bytes; of longer ones more is read. */
const SHORT = 64;
const LONGEST = 64 << 10;

/** Where a value that is wanted stands. */
interface Entry {
  readonly tag: number;
  readonly type: number;
  /** From the blob's start. */
  readonly at: number;
}

/** Reads the index and the values that are wanted, and passes over the lists of files. Throws `E_RPM_HEADER`. */
export async function readHeader(path: string, blob: Pieces): Promise<Header> {
  const found = readIndex(path, blob);
  const entries = found instanceof Promise ? await found : found;
  const texts: Partial<Record<Text, string>> = {};
  const numbers: Partial<Record<Numbered, number>> = {};
  for (const { tag, type, at } of entries) {
    const [text, number] = [TEXTS.get(tag), NUMBERS.get(tag)];
    if (text && (type === Type.string || type === Type.i18nString)) {
      const value = readText(path, blob, at, SHORT);
      texts[text] = value instanceof Promise ? await value : value;
    } else if (number && (type === Type.int32 || type === Type.int64)) {
      const value = readNumber(blob, at, type);
      const own = value instanceof Promise ? await value : value;
      if (own !== null) numbers[number] = own;
    }
  }
  if (texts.name === undefined) throw damaged(path, "HEADER", 0, "a package has no name");
  return {
    name: texts.name,
    version: texts.version ?? "",
    release: texts.release ?? null,
    epoch: numbers.epoch ?? null,
    arch: texts.arch ?? null,
    sourceRpm: texts.sourceRpm ?? null,
    size: numbers.longSize ?? numbers.size ?? null,
    vendor: texts.vendor ?? null,
    license: texts.license ?? null,
    installTime: numbers.installTime ?? null,
  };
}

/** The entries that are wanted, as their values stand. Of one that is there twice the first counts, as for rpm. */
function readIndex(path: string, blob: Pieces): Eventual<readonly Entry[]> {
  if (blob.size < INTRO.size) throw damaged(path, "HEADER", 0, `a package's header has only ${blob.size} bytes`);
  return whenHere(blob.range(0, INTRO.size), (intro) => {
    const [count, bytes] = [u32(intro, INTRO.entries), u32(intro, INTRO.bytes)];
    const start = INTRO.size + count * ENTRY.size;
    if (count > MAX_ENTRIES || bytes > MAX_BYTES || start + bytes > blob.size) {
      const what = `${count} entries and ${bytes} bytes of values`;
      throw damaged(path, "HEADER", 0, `a package's header of ${blob.size} bytes is to have ${what}`);
    }
    return whenHere(blob.range(0, start), (head) => entriesIn(path, head, start, bytes));
  });
}

/** Most tags are past these, or have no number between theirs. */
const WANTED = [...TEXTS.keys(), ...NUMBERS.keys()];
const [LOWEST, HIGHEST] = [Math.min(...WANTED), Math.max(...WANTED.filter((tag) => tag !== NumberTag.longSize))];

function entriesIn(path: string, head: Uint8Array, start: number, bytes: number): readonly Entry[] {
  const entries: Entry[] = [];
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  // A loop of its own: there are some sixty of them in each package.
  for (let at = INTRO.size; at < start; at += ENTRY.size) {
    const tag = view.getUint32(at + ENTRY.tag);
    if (tag < LOWEST || (tag > HIGHEST && tag !== NumberTag.longSize)) continue;
    if (!(TEXTS.has(tag) || NUMBERS.has(tag)) || entries.some((each) => each.tag === tag)) continue;
    const [type, offset] = [view.getUint32(at + ENTRY.type), view.getUint32(at + ENTRY.offset)];
    const size = type === Type.int32 ? 4 : type === Type.int64 ? 8 : 1;
    if (offset + size > bytes) throw damaged(path, "HEADER", at, `the value of tag ${tag} lies outside of its header`);
    entries.push({ tag, type, at: start + offset });
  }
  return entries.sort((a, b) => a.at - b.at);
}

const utf8 = new TextDecoder();

/** It ends with a zero. Of `length` bytes at first, and more where it does not end in them. */
function readText(path: string, blob: Pieces, at: number, length: number): Eventual<string> {
  const last = Math.min(at + length, blob.size);
  return whenHere(blob.range(at, last), (held) => {
    let end = at;
    while (end < last && held[end] !== 0) end++;
    if (end < last) return utf8.decode(held.subarray(at, end));
    if (last === blob.size || length > LONGEST) throw damaged(path, "HEADER", at, "a text of a package has no end");
    return readText(path, blob, at, 16 * length);
  });
}

/** Null past 2^53. */
function readNumber(blob: Pieces, at: number, type: number): Eventual<number | null> {
  return whenHere(blob.range(at, at + 8), (held) => {
    const high = u32(held, at);
    if (type === Type.int32) return high;
    const value = high * 2 ** 32 + u32(held, at + 4);
    return Number.isSafeInteger(value) ? value : null;
  });
}

/** Big-endian; what is not there reads as zeros. */
function u32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
