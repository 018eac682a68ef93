import type { Blob } from "./blob.ts";
import { damaged } from "./fault.ts";
import { entry, headerIntro, MAX_BYTES, MAX_ENTRIES, Tag, Type } from "./layout.ts";

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
  const values = await openValues(path, blob);
  const name = await values.text(Tag.name);
  if (name === null) throw damaged(path, "HEADER", 0, "a package has no name");
  return {
    name,
    version: (await values.text(Tag.version)) ?? "",
    release: await values.text(Tag.release),
    epoch: await values.number(Tag.epoch),
    arch: await values.text(Tag.arch),
    sourceRpm: await values.text(Tag.sourceRpm),
    size: (await values.number(Tag.longSize)) ?? (await values.number(Tag.size)),
    vendor: await values.text(Tag.vendor),
    license: await values.text(Tag.license),
    installTime: await values.number(Tag.installTime),
  };
}

interface Values {
  text(tag: number): Promise<string | null>;
  number(tag: number): Promise<number | null>;
}

interface Entry {
  readonly type: number;
  /** From the blob's start. */
  readonly at: number;
}

const utf8 = new TextDecoder();

async function openValues(path: string, blob: Blob): Promise<Values> {
  const entries = await readIndex(path, blob);
  const last = Math.max(0, ...[...entries.values()].map(({ at }) => at));
  let held = await blob.upTo(Math.min(blob.size, last + SHORT));
  const textAt = async (at: number, length: number): Promise<string> => {
    const end = held.indexOf(0, at);
    if (end >= 0) return utf8.decode(held.subarray(at, end));
    if (held.length >= blob.size || length > LONGEST)
      throw damaged(path, "HEADER", at, "a text of a package has no end");
    held = await blob.upTo(Math.min(blob.size, at + length * 16));
    return textAt(at, length * 16);
  };
  const found = (tag: number, ...types: readonly number[]): Entry | null => {
    const entry = entries.get(tag);
    return entry && types.includes(entry.type) ? entry : null;
  };
  return {
    text: async (tag) => {
      const entry = found(tag, Type.string, Type.i18nString);
      return entry && (await textAt(entry.at, SHORT));
    },
    number: async (tag) => {
      const entry = found(tag, Type.int32, Type.int64);
      if (!entry) return null;
      const view = new DataView(held.buffer, held.byteOffset, held.length);
      if (entry.type === Type.int32) return view.getUint32(entry.at);
      const value = Number(view.getBigUint64(entry.at));
      return Number.isSafeInteger(value) ? value : null;
    },
  };
}

/** The entries that are wanted, by their tag. Of one that is there twice the first counts, as for rpm. */
async function readIndex(path: string, blob: Blob): Promise<ReadonlyMap<number, Entry>> {
  if (blob.size < headerIntro.size) throw damaged(path, "HEADER", 0, `a package's header has only ${blob.size} bytes`);
  const intro = headerIntro.decode(await blob.upTo(headerIntro.size));
  const start = headerIntro.size + intro.entries * entry.size;
  if (intro.entries > MAX_ENTRIES || intro.bytes > MAX_BYTES || start + intro.bytes > blob.size) {
    const what = `${intro.entries} entries and ${intro.bytes} bytes of values`;
    throw damaged(path, "HEADER", 0, `a package's header of ${blob.size} bytes is to have ${what}`);
  }
  const head = await blob.upTo(start);
  const entries = new Map<number, Entry>();
  for (let at = headerIntro.size; at < start; at += entry.size) {
    const { tag, type, offset } = entry.decode(head, at);
    if (!WANTED.has(tag) || entries.has(tag)) continue;
    const size = type === Type.int32 ? 4 : type === Type.int64 ? 8 : 1;
    if (offset + size > intro.bytes)
      throw damaged(path, "HEADER", at, `the value of tag ${tag} lies outside of its header`);
    entries.set(tag, { type, at: start + offset });
  }
  return entries;
}
