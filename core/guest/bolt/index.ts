import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { BRANCH_PAGE, BUCKET, branchElement, bucketHeader, LEAF_PAGE, leafElement, pageHeader } from "./layout.ts";
import { openPages, type Pages } from "./pages.ts";

/** Names with values, or with buckets of their own. */
export interface Bucket {
  /** In the order of their keys. Throws `E_BOLT_*`. */
  entries(): AsyncGenerator<Entry>;
  /** One of its buckets; null where there is none of that name. */
  bucket(key: string): Promise<Bucket | null>;
  /** One of its values as text; null where there is none of that name. */
  text(key: string): Promise<string | null>;
}

export interface Entry {
  readonly key: string;
  /** Its bytes; null where it is a bucket. */
  readonly value: Uint8Array | null;
  readonly bucket: Bucket | null;
}

/** The deepest tree of the largest database there can be has fewer levels. */
const MAX_DEPTH = 32;

/** Opens a database of bbolt, as its last whole transaction left it. `spend` counts each entry that is looked at, with the bytes that are read for it. Throws `E_BOLT_*`. */
export async function openBolt(source: ByteSource, spend: (bytes: number) => void): Promise<Bucket> {
  const pages = await openPages(source);
  return bucketOf({ pages, spend }, () => pages.page(pages.root));
}

interface Reader {
  readonly pages: Pages;
  spend(bytes: number): void;
}

function bucketOf(reader: Reader, root: () => Promise<Uint8Array>): Bucket {
  const entries = async function* () {
    yield* leaves(reader, await root(), 0);
  };
  const find = async (key: string) => {
    for await (const entry of entries()) if (entry.key === key) return entry;
    return null;
  };
  return {
    entries,
    bucket: async (key) => (await find(key))?.bucket ?? null,
    text: async (key) => {
      const value = (await find(key))?.value;
      return value ? new TextDecoder().decode(value) : null;
    },
  };
}

async function* leaves(reader: Reader, page: Uint8Array, depth: number): AsyncGenerator<Entry> {
  const { flags, elements } = pageHeader.decode(page);
  reader.spend(page.length);
  if (depth > MAX_DEPTH) throw wrong(reader, `a tree is deeper than ${MAX_DEPTH} levels`);
  if (flags !== LEAF_PAGE && flags !== BRANCH_PAGE) throw wrong(reader, `a page of kind ${flags} is no part of a tree`);
  if (pageHeader.size + elements * leafElement.size > page.length)
    throw wrong(reader, `${elements} elements do not fit`);
  for (let at = 0; at < elements; at++) {
    reader.spend(0);
    const start = pageHeader.size + at * leafElement.size;
    if (flags === LEAF_PAGE) yield leaf(reader, page, start);
    else yield* leaves(reader, await reader.pages.page(branchElement.decode(page, start).page), depth + 1);
  }
}

function leaf(reader: Reader, page: Uint8Array, start: number): Entry {
  const { flags, offset, keySize, valueSize } = leafElement.decode(page, start);
  const from = start + offset;
  const end = from + keySize + valueSize;
  if (offset < leafElement.size || end > page.length) throw wrong(reader, "an element lies outside of its page");
  const key = new TextDecoder().decode(page.subarray(from, from + keySize));
  const value = page.subarray(from + keySize, end);
  if (!(flags & BUCKET)) return { key, value, bucket: null };
  return { key, value: null, bucket: nested(reader, value) };
}

/** A small bucket lies in its parent's page. */
function nested(reader: Reader, value: Uint8Array): Bucket {
  if (value.length < bucketHeader.size) throw wrong(reader, "a bucket is cut short");
  const { root } = bucketHeader.decode(value);
  const inline = value.subarray(bucketHeader.size);
  if (root === 0 && inline.length < pageHeader.size) throw wrong(reader, "a bucket is cut short");
  return bucketOf(reader, async () => (root === 0 ? inline : reader.pages.page(root)));
}

const wrong = ({ pages }: Reader, what: string) => damaged(pages.name, "TREE", 0, what);
