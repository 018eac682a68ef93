/** What flatpak keeps of one that it has installed (common/flatpak-dir.c: FLATPAK_DEPLOY_DATA_GVARIANT_STRING). */
export interface DeployData {
  readonly origin: string;
  readonly commit: string;
  /** Bytes. */
  readonly size: number | null;
  /** Of its metadata those that are text: `appdata-version`, `appdata-license`, `runtime`. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Decodes `(ssasta{sv})` of GVariant: the ends of members whose size is not fixed stand behind them, the first one's last,
 * as numbers as wide as the whole needs. The size is big-endian, whatever the machine is. Null for anything else.
 */
export function parseDeploy(bytes: Uint8Array): DeployData | null {
  const width = widthOf(bytes.length);
  const [origin = 0, commit = 0, subpaths = 0] = [1, 2, 3].map((at) =>
    numberAt(bytes, bytes.length - at * width, width),
  );
  const size = align(subpaths);
  const metadata = bytes.subarray(size + 8, bytes.length - 3 * width);
  const isWhole = 0 < origin && origin < commit && commit <= subpaths && size + 8 <= bytes.length - 3 * width;
  if (!isWhole) return null;
  const value = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(size);
  return {
    ...{ origin: textIn(bytes, 0, origin), commit: textIn(bytes, origin, commit) },
    size: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null,
    texts: textsIn(metadata),
  };
}

/** Of an array of `{sv}` the ends of its elements stand behind it; each begins at a multiple of 8. */
function textsIn(array: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const width = widthOf(array.length);
  const table = numberAt(array, array.length - width, width);
  if (table > array.length) return found;
  for (let at = table, start = 0; at + width <= array.length; at += width) {
    const end = numberAt(array, at, width);
    if (end < start || end > table) break;
    const entry = entryOf(array.subarray(start, end));
    if (entry) found.set(...entry);
    start = align(end);
  }
  return found;
}

/** A key, then a value with a zero and its type behind it; null where that is no text. */
function entryOf(bytes: Uint8Array): readonly [string, string] | null {
  const width = widthOf(bytes.length);
  const key = numberAt(bytes, bytes.length - width, width);
  const value = bytes.subarray(align(key), bytes.length - width);
  const type = value.lastIndexOf(0);
  if (key === 0 || align(key) > bytes.length || type < 1 || value[type + 1] !== TEXT || type + 2 !== value.length)
    return null;
  return [textIn(bytes, 0, key), textIn(value, 0, type)];
}

const TEXT = 0x73;
const align = (at: number) => Math.ceil(at / 8) * 8;
const widthOf = (length: number) => (length < 2 ** 8 ? 1 : length < 2 ** 16 ? 2 : 4);

/** Little-endian; past every bound where it is not there. */
function numberAt(bytes: Uint8Array, at: number, width: number): number {
  if (at < 0) return Number.POSITIVE_INFINITY;
  let value = 0;
  for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/** Without the zero at its end. */
function textIn(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end - 1));
}
