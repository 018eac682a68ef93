/** Archives of ZIP (APPNOTE.TXT, section 4.3), as far as jars need them: no ZIP64, no encryption. */
import { GuestkitError } from "../kit/errors.ts";
import { struct, u16, u32 } from "../kit/struct.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";

const END = struct("zip.end", "little", 22, { magic: u32(0), entries: u16(10), size: u32(12), offset: u32(16) });
const ENTRY = struct("zip.entry", "little", 46, {
  ...{ magic: u32(0), method: u16(10), packed: u32(20), size: u32(24) },
  ...{ nameLength: u16(28), extraLength: u16(30), commentLength: u16(32), offset: u32(42) },
});
const LOCAL = struct("zip.local", "little", 30, { magic: u32(0), nameLength: u16(26), extraLength: u16(28) });
const [END_MAGIC, ENTRY_MAGIC, LOCAL_MAGIC] = [0x06054b50, 0x02014b50, 0x04034b50];

/** A comment may follow the end. */
const TAIL = 22 + 0xffff;
const MAX_DIRECTORY = 32 << 20;

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  /** Bytes as they lie there, and unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Where its own head is. */
  readonly offset: number;
}

/** What is in an archive; null for what is none. Throws `E_ZIP`. `spend` counts bytes before they are read. */
export async function readZipDirectory(
  source: ByteSource,
  spend: (bytes: number) => void,
): Promise<readonly ZipEntry[] | null> {
  const length = Math.min(TAIL, source.size);
  spend(length);
  const tail = await source.read(source.size - length, length);
  const at = lastEnd(tail);
  if (at < 0) return null;
  const { size, offset, entries } = END.decode(tail, at);
  if (size > MAX_DIRECTORY || offset + size > source.size) throw wrong(source, `its directory has ${size} bytes`);
  spend(size);
  return parseDirectory(source, await source.read(offset, size), entries);
}

function lastEnd(tail: Uint8Array): number {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = tail.length - END.size; at >= 0; at--) if (view.getUint32(at, true) === END_MAGIC) return at;
  return -1;
}

function parseDirectory(source: ByteSource, bytes: Uint8Array, entries: number): readonly ZipEntry[] {
  const found: ZipEntry[] = [];
  const decoder = new TextDecoder();
  let at = 0;
  for (let left = entries; left > 0; left--) {
    if (at + ENTRY.size > bytes.length) throw wrong(source, "its directory breaks off");
    const { magic, method, packed, size, nameLength, extraLength, commentLength, offset } = ENTRY.decode(bytes, at);
    const start = at + ENTRY.size;
    at = start + nameLength + extraLength + commentLength;
    if (magic !== ENTRY_MAGIC || at > bytes.length) throw wrong(source, "its directory breaks off");
    found.push({ name: decoder.decode(bytes.subarray(start, start + nameLength)), method, packed, size, offset });
  }
  return found;
}

/** A small file of an archive, unpacked. Throws `E_ZIP` and `E_SOURCE_COMPRESSION`. */
export async function readZipEntry(
  source: ByteSource,
  { name, method, packed, size, offset }: ZipEntry,
  codec: Codec,
  limit: number,
): Promise<Uint8Array> {
  if (packed > limit || size > limit) throw wrong(source, `${name} has ${Math.max(packed, size)} bytes`);
  if (offset + LOCAL.size > source.size) throw wrong(source, `${name} lies past its end`);
  const { magic, nameLength, extraLength } = LOCAL.decode(await source.read(offset, LOCAL.size));
  const start = offset + LOCAL.size + nameLength + extraLength;
  if (magic !== LOCAL_MAGIC || start + packed > source.size) throw wrong(source, `${name} is not where it should be`);
  const data = await source.read(start, packed);
  if (method === 0) return data;
  if (method !== 8) throw wrong(source, `${name} is packed by method ${method}`);
  return size === 0 ? new Uint8Array() : codec.decompress("deflate-raw", data, size);
}

function wrong({ name }: ByteSource, what: string): GuestkitError {
  return new GuestkitError("E_ZIP", `Cannot read the archive "${name}": ${what}`, {
    at: { file: name },
    help: "Look at it with unzip -t: it may be cut short, or larger than jars are.",
  });
}
