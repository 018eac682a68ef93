import type { Blob } from "./blob.ts";
import { damaged } from "./fault.ts";
import { ENTRY, headerIntro, MAX_BYTES, MAX_ENTRIES, Tag, Type } from "./layout.ts";

/** What a header says of its package; null where it does not. */
export interface Header {
  readonly name: string;
  readonly version: string;
  readonly release: string | null;
  readonly epoch: number | null;
  readonly arch: string | null;
  /** `bash-5.2.26-3.fc40.src.rpm`. */
  readonly sourceRpm: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly vendor: string | null;
  readonly license: string | null;
  /** Seconds since 1970. */
  readonly installTime: number | null;
}

const WANTED: ReadonlySet<number> = new Set(Object.values(Tag));
/** A name, version or licence has a few bytes; of longer texts as many are read as it takes. */
const SHORT = 256;
const LONGEST = 64 << 10;

/** Reads the index and the values that are wanted, and leaves the lists of files alone. Throws `E_RPM_HEADER`. */
export async function readHeader(path: string, blob: Blob): Promise<Header> {
  const entries = await readIndex(path, blob);
  let last = 0;
  for (const { at } of entries.values()) last = Math.max(last, at);
  for (let more = SHORT; ; more *= 16) {
    const held = await blob.upTo(Math.min(blob.size, last + more));
    const header = headerOf(path, entries, held);
    if (header) return header;
    if (held.length >= blob.size || more > LONGEST)
      throw damaged(path, "HEADER", last, "a text of a package has no end");
  }
}

interface Entry {
  readonly type: number;
  /** From the blob's start. */
  readonly at: number;
}
type Entries = ReadonlyMap<number, Entry>;

const utf8 = new TextDecoder();

/** Null where a text does not end in what is held of the header. */
function headerOf(path: string, entries: Entries, held: Uint8Array): Header | null {
  const view = new DataView(held.buffer, held.byteOffset, held.length);
  let isCut = false;
  const text = (tag: number): string | null => {
    const entry = entries.get(tag);
    if (!entry || (entry.type !== Type.string && entry.type !== Type.i18nString)) return null;
    const end = held.indexOf(0, entry.at);
    if (end < 0) isCut = true;
    return end < 0 ? null : utf8.decode(held.subarray(entry.at, end));
  };
  const number = (tag: number): number | null => {
    const entry = entries.get(tag);
    if (entry?.type === Type.int32) return view.getUint32(entry.at);
    if (entry?.type !== Type.int64) return null;
    const value = Number(view.getBigUint64(entry.at));
    return Number.isSafeInteger(value) ? value : null;
  };
  const name = text(Tag.name);
  const header = {
    name: name ?? "",
    version: text(Tag.version) ?? "",
    release: text(Tag.release),
    epoch: number(Tag.epoch),
    arch: text(Tag.arch),
    sourceRpm: text(Tag.sourceRpm),
    size: number(Tag.longSize) ?? number(Tag.size),
    vendor: text(Tag.vendor),
    license: text(Tag.license),
    installTime: number(Tag.installTime),
  };
  if (isCut) return null;
  if (name === null) throw damaged(path, "HEADER", 0, "a package has no name");
  return header;
}

/** The entries that are wanted, by their tag. Of one that is there twice the first counts, as for rpm. */
async function readIndex(path: string, blob: Blob): Promise<Entries> {
  if (blob.size < headerIntro.size) throw damaged(path, "HEADER", 0, `a package's header has only ${blob.size} bytes`);
  const intro = headerIntro.decode(await blob.upTo(headerIntro.size));
  const start = headerIntro.size + intro.entries * ENTRY.size;
  if (intro.entries > MAX_ENTRIES || intro.bytes > MAX_BYTES || start + intro.bytes > blob.size) {
    const what = `${intro.entries} entries and ${intro.bytes} bytes of values`;
    throw damaged(path, "HEADER", 0, `a package's header of ${blob.size} bytes is to have ${what}`);
  }
  const head = await blob.upTo(start);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const entries = new Map<number, Entry>();
  // A loop of its own: there are some sixty of them in each package.
  for (let at = headerIntro.size; at < start; at += ENTRY.size) {
    const tag = view.getUint32(at + ENTRY.tag);
    if (!WANTED.has(tag) || entries.has(tag)) continue;
    const [type, offset] = [view.getUint32(at + ENTRY.type), view.getUint32(at + ENTRY.offset)];
    const size = type === Type.int32 ? 4 : type === Type.int64 ? 8 : 1;
    if (offset + size > intro.bytes)
      throw damaged(path, "HEADER", at, `the value of tag ${tag} lies outside of its header`);
    entries.set(tag, { type, at: start + offset });
  }
  return entries;
}
