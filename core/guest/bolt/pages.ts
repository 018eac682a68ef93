import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { MAGIC, meta, pageHeader, VERSION } from "./layout.ts";

/** A database's pages as its last whole transaction left them. */
export interface Pages {
  readonly name: string;
  /** The page of the root bucket. */
  readonly root: number;
  /** A page with those behind it that belong to it. Throws `E_BOLT_PAGE` for one that is not there. */
  page(number: number): Promise<Uint8Array>;
}

/** Sizes that page 1 is looked for at where page 0 tells none. */
const PAGE_SIZES = [1024, 2048, 4096, 8192, 16384, 32768, 65536];
/** A page holds names and settings: what claims more is no such database. */
const LARGEST = 16 << 20;

interface Meta {
  readonly pageSize: number;
  readonly root: number;
  readonly pages: number;
  readonly transaction: number;
}

/** Throws `E_BOLT_META`. */
export async function openPages(source: ByteSource): Promise<Pages> {
  const { name } = source;
  const first = await readMeta(source, 0);
  const sizes = first ? [first.pageSize] : PAGE_SIZES;
  const others = [];
  for (const size of sizes) others.push(await readMeta(source, size));
  const [latest] = [first, ...others].filter((each) => each !== null).toSorted((a, b) => b.transaction - a.transaction);
  if (!latest) throw damaged(name, "META", 0, "neither of its first pages is whole");
  const { pageSize, root } = latest;
  const page = async (number: number) => {
    const offset = number * pageSize;
    const end = Math.min(latest.pages * pageSize, source.size);
    if (number < 2 || offset + pageSize > end) throw damaged(name, "PAGE", offset, `page ${number} is not there`);
    const head = pageHeader.decode(await source.read(offset, pageHeader.size));
    const length = (head.overflow + 1) * pageSize;
    if (length > LARGEST || offset + length > end) {
      throw damaged(name, "PAGE", offset, `page ${number} goes on for ${head.overflow} more`);
    }
    return source.read(offset, length);
  };
  return { name, root, page };
}

/** Null where there is none that is whole. */
async function readMeta(source: ByteSource, offset: number): Promise<Meta | null> {
  const start = offset + pageHeader.size;
  if (start + meta.size > source.size) return null;
  const bytes = await source.read(start, meta.size);
  const found = meta.decode(bytes);
  if (found.magic !== MAGIC || found.version !== VERSION) return null;
  if (found.checksum !== fnv1a(bytes.subarray(0, meta.size - 8))) return null;
  const { pageSize, root, pages, transaction } = found;
  return PAGE_SIZES.includes(pageSize) ? { pageSize, root, pages, transaction } : null;
}

/** FNV-1a of 64 bits. */
function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
