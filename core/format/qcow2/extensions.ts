import { cachedSource } from "../../source/cached.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { ExtensionType, headerExtension, Limit, luksHeader } from "./layout.ts";

/** What the header extensions say; names as text, null where they are not there. */
export interface Extensions {
  readonly backingFormat: string | null;
  readonly dataFile: string | null;
  /** Names of the incompatible feature bits. */
  readonly featureNames: ReadonlyMap<number, string>;
  readonly hasBitmaps: boolean;
  /** Where the LUKS header stands, in bytes; null where there is none. */
  readonly luks: { readonly offset: number; readonly length: number } | null;
}

/** Reads the extensions in `[start, end)`. Throws `E_QCOW2_EXTENSION`. */
export async function readExtensions(source: ByteSource, start: number, end: number): Promise<Extensions> {
  // Small pages: the first cluster may be 2 MiB, and its extensions are some hundred bytes.
  const cache = cachedSource(source, { pageSize: 4096, pages: 4 });
  const found = new Map<number, Uint8Array>();
  for await (const { type, offset, length } of walk(cache, start, end)) {
    const limit = LIMITS.get(type);
    if (limit === undefined) continue;
    if (length > limit) throw damaged(source, "EXTENSION", offset, `header extension ${hex(type)} has ${length} bytes`);
    found.set(type, await cache.read(offset, length));
  }
  return {
    backingFormat: text(found.get(ExtensionType.backingFormat)),
    dataFile: text(found.get(ExtensionType.dataFile)),
    featureNames: parseFeatureNames(found.get(ExtensionType.featureNames)),
    hasBitmaps: found.has(ExtensionType.bitmaps),
    luks: parseLuks(source, found.get(ExtensionType.encryption)),
  };
}

function parseLuks(source: ByteSource, content: Uint8Array | undefined): Extensions["luks"] {
  if (!content) return null;
  if (content.length !== luksHeader.size)
    throw damaged(source, "EXTENSION", 0, `the encryption extension has ${content.length} bytes`);
  const { offset, length } = luksHeader.decode(content);
  return { offset, length };
}

const FEATURE_ENTRY = 48;

/** Extensions whose content is used, and the bytes that it may have. */
const LIMITS: ReadonlyMap<number, number> = new Map([
  [ExtensionType.backingFormat, Limit.maxFormatName],
  [ExtensionType.dataFile, Limit.maxBackingName],
  [ExtensionType.featureNames, 3 * 64 * FEATURE_ENTRY],
  [ExtensionType.bitmaps, 24],
  [ExtensionType.encryption, luksHeader.size],
]);

interface Extension {
  readonly type: number;
  /** Of the content, in bytes. */
  readonly offset: number;
  readonly length: number;
}

async function* walk(source: ByteSource, start: number, end: number): AsyncGenerator<Extension> {
  for (let at = start; at + headerExtension.size <= end; ) {
    const head = source.peek?.(at, headerExtension.size) ?? (await source.read(at, headerExtension.size));
    const { type, length } = headerExtension.decode(head);
    if (type === ExtensionType.end) return;
    const offset = at + headerExtension.size;
    if (offset + length > end) {
      throw damaged(source, "EXTENSION", at, `header extension ${hex(type)} (${length} bytes) ends past ${end}`);
    }
    yield { type, offset, length };
    at = offset + Math.ceil(length / 8) * 8;
  }
}

function parseFeatureNames(table: Uint8Array | undefined): Map<number, string> {
  const names = new Map<number, string>();
  if (!table) return names;
  for (let at = 0; at + FEATURE_ENTRY <= table.length; at += FEATURE_ENTRY) {
    const [type, bit] = table.subarray(at, at + 2);
    const name = text(table.subarray(at + 2, at + FEATURE_ENTRY));
    if (type === 0 && bit !== undefined && name) names.set(bit, name);
  }
  return names;
}

function text(bytes: Uint8Array | undefined): string | null {
  if (!bytes) return null;
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function hex(type: number): string {
  return `0x${type.toString(16).padStart(8, "0")}`;
}
