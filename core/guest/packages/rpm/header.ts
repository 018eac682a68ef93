import type { Pieces } from "../../pieces.ts";
import { damaged } from "./fault.ts";
import { HeaderIndex, TEXTS } from "./header-index.ts";
import { ENTRY, INTRO, MAX_BYTES, MAX_ENTRIES, Type } from "./layout.ts";
import { Texts } from "./texts.ts";

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

/** Its values, of which the texts are still to be decoded: of which fields those are, in their order. */
interface Draft {
  readonly fields: readonly number[];
  readonly numbers: readonly (number | null)[];
}

/** Most headers have their index, and most of what is wanted of them, before as many bytes. */
const START = 4096;
/** Most texts that are wanted end within as many bytes; of longer ones more is read. */
const SHORT = 64;
const LONGEST = 64 << 10;
/** Bytes of texts that are decoded at once. */
const BATCH = 32 << 10;

/**
 * Reads headers one after the other. Of each the same few steps are made, and most of them by code that was not compiled
 * yet: that is why they are plain loops in memory that is used again. Throws `E_RPM_HEADER`.
 */
export class Headers {
  readonly #path: string;
  readonly #found: Header[] = [];
  readonly #index = new HeaderIndex();
  readonly #texts = new Texts();
  #drafts: Draft[] = [];

  /** @param path of the database, which errors name */
  constructor(path: string) {
    this.#path = path;
  }

  /** Of all that were added, in that order. */
  all(): readonly Header[] {
    this.#decode();
    return this.#found;
  }

  /** Reads the index and the values that are wanted, and passes over the lists of files; gives how many bytes of text are kept. */
  async add(blob: Pieces): Promise<number> {
    if (this.#texts.length > BATCH) this.#decode();
    const before = this.#texts.length;
    const first = blob.range(0, START);
    let held = first instanceof Promise ? await first : first;
    const start = this.#endOfIndex(blob, held);
    if (start > START) held = await blob.range(0, start);
    this.#readIndex(held, start);
    const { count, fields, types, places } = this.#index;
    const draft = { fields: [] as number[], numbers: [null, null, null, null] as (number | null)[] };
    for (let each = 0; each < count; each++) {
      const field = fields[each] ?? 0;
      const at = places[each] ?? 0;
      let end = Math.min(at + SHORT, blob.size);
      if (end > START || start > START) {
        const found = blob.range(at, end);
        held = found instanceof Promise ? await found : found;
      }
      if (field >= TEXTS) {
        draft.numbers[field - TEXTS] = readNumber(held, at, types[each] ?? 0);
        continue;
      }
      for (; !this.#texts.add(held, at, end); held = await blob.range(at, end)) {
        if (end === blob.size || end - at > LONGEST) throw this.#wrong(at, "a text of a package has no end");
        end = Math.min(at + 16 * (end - at), blob.size);
      }
      draft.fields.push(field);
    }
    if (!draft.fields.includes(NAME)) throw this.#wrong(0, "a package has no name");
    this.#drafts.push(draft);
    return this.#texts.length - before;
  }

  /** Where the values begin. */
  #endOfIndex(blob: Pieces, intro: Uint8Array): number {
    if (blob.size < INTRO.size) throw this.#wrong(0, `a package's header has only ${blob.size} bytes`);
    const count = u32(intro, INTRO.entries);
    const bytes = u32(intro, INTRO.bytes);
    const start = INTRO.size + count * ENTRY.size;
    if (count > MAX_ENTRIES || bytes > MAX_BYTES || start + bytes > blob.size) {
      const what = `${count} entries and ${bytes} bytes of values`;
      throw this.#wrong(0, `a package's header of ${blob.size} bytes is to have ${what}`);
    }
    return start;
  }

  #readIndex(head: Uint8Array, start: number): void {
    const outside = this.#index.read(head, start, u32(head, INTRO.bytes));
    if (outside === 0) return;
    const tag = u32(head, outside + ENTRY.tag);
    throw this.#wrong(outside, `the value of tag ${tag} lies outside of its header`);
  }

  #decode(): void {
    const texts = this.#texts.take();
    let next = 0;
    for (const { fields, numbers } of this.#drafts) {
      const own: (string | null)[] = [null, null, null, null, null, null, null];
      for (let each = 0; each < fields.length; each++) own[fields[each] ?? 0] = texts[next++] ?? null;
      this.#found.push(headerOf(own, numbers));
    }
    this.#drafts = [];
  }

  #wrong(offset: number, what: string) {
    return damaged(this.#path, "HEADER", offset, what);
  }
}

const NAME = 0;

/** By the order of `TEXT_TAGS` and `NUMBER_TAGS`. */
function headerOf(texts: readonly (string | null)[], numbers: readonly (number | null)[]): Header {
  return {
    name: texts[NAME] ?? "",
    version: texts[1] ?? "",
    release: texts[2] ?? null,
    epoch: numbers[0] ?? null,
    arch: texts[5] ?? null,
    sourceRpm: texts[6] ?? null,
    size: numbers[3] ?? numbers[2] ?? null,
    vendor: texts[3] ?? null,
    license: texts[4] ?? null,
    installTime: numbers[1] ?? null,
  };
}

/** Null past 2^53. */
function readNumber(held: Uint8Array, at: number, type: number): number | null {
  if (type === Type.int32) return u32(held, at);
  const value = u32(held, at) * 2 ** 32 + u32(held, at + 4);
  return Number.isSafeInteger(value) ? value : null;
}

/** Big-endian; what is not there reads as zeros. */
function u32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
