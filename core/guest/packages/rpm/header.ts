import type { Budget } from "../../../kit/budget.ts";
import type { Eventual } from "../../../kit/eventual.ts";
import type { Pieces } from "../../pieces.ts";
import { type Installed, MAX_PACKAGES } from "../package.ts";
import { type Draft, packageOf } from "./draft.ts";
import { damaged } from "./fault.ts";
import { HeaderIndex, TEXTS } from "./header-index.ts";
import { ENTRY, INTRO, MAX_BYTES, MAX_ENTRIES, NAME, Type } from "./layout.ts";
import { Texts } from "./texts.ts";

/** Is shown the header of a package, which holds until the next. */
export type Visit = (header: Pieces) => Eventual<void>;

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
  readonly #budget: Budget;
  readonly #found: Installed[] = [];
  readonly #index = new HeaderIndex();
  readonly #texts = new Texts();
  #drafts: Draft[] = [];
  #count = 0;

  /** @param path of the database, which errors name */
  constructor(path: string, budget: Budget) {
    this.#path = path;
    this.#budget = budget;
  }

  /** Packages of all that were added, in that order. */
  all(): readonly Installed[] {
    this.#decode();
    return this.#found;
  }

  /** Reads the index and the values that are wanted, and passes over the lists of files. */
  async add(blob: Pieces): Promise<void> {
    if (this.#texts.length > BATCH) this.#decode();
    const before = this.#texts.length;
    const first = blob.range(0, START);
    let held = first instanceof Promise ? await first : first;
    const start = this.#endOfIndex(blob, held);
    if (start > START) held = await blob.range(0, start);
    this.#readIndex(held, start);
    const { count, fields, types, places } = this.#index;
    const draft: Draft = { fields: [], numbers: [null, null, null, null] };
    for (let each = 0; each < count; each++) {
      const field = fields[each] ?? 0;
      const at = places[each] ?? 0;
      let end = Math.min(at + SHORT, blob.size);
      // What was read of a longer text may be shown no more: a shorter range is the value's first piece again.
      if (end > START || start > START || end > held.length) {
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
    // What is kept of it: a database may be read that is larger than memory.
    this.#budget.spend("bytes", this.#texts.length - before, this.#path);
    if (++this.#count > MAX_PACKAGES) throw damaged(this.#path, "COUNT", 0, `there are more than ${MAX_PACKAGES}`);
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
    for (const draft of this.#drafts) {
      this.#found.push(packageOf(draft, texts, next));
      next += draft.fields.length;
    }
    this.#drafts = [];
  }

  #wrong(offset: number, what: string) {
    return damaged(this.#path, "HEADER", offset, what);
  }
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
