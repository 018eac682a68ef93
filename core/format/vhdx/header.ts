import { crc32c } from "../../kit/checksum.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { faults, unknownFeature } from "./fault.ts";
import { HEADERS, header, Limit, MIB, NO_GUID } from "./layout.ts";

/** Of the two headers the one that counts. Offsets and sizes in bytes. */
export interface Header {
  /** Changes with the disk's content: a child knows its parent by it. */
  readonly dataWriteGuid: string;
  /** Null where no log is to be replayed. */
  readonly log: { readonly guid: string; readonly offset: number; readonly length: number } | null;
  readonly warnings: readonly string[];
}

const { damaged, checkRange } = faults;

/** CRC-32C of a structure, its own four bytes at 4 taken as zeros. */
export function checksumOf(bytes: Uint8Array): number {
  const start = crc32c(crc32c(0xffffffff, bytes, 0, 4), NOTHING);
  return ~crc32c(start, bytes, 8) >>> 0;
}
const NOTHING = new Uint8Array(4);

/** The sound header of the highest sequence number. Throws `E_VHDX_HEADER`, `E_VHDX_FEATURE`. */
export async function readHeader(source: ByteSource): Promise<Header> {
  const both = await Promise.all(HEADERS.map((offset) => readOne(source, offset)));
  const sound = both.filter((each) => each !== null).sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? 1 : -1));
  const [raw] = sound;
  if (!raw) throw damaged(source, "HEADER", HEADERS[0], "both of its headers are damaged");
  const offset = HEADERS[both.indexOf(raw)] ?? HEADERS[0];
  if (raw.version !== 1) throw unknownFeature(source, offset + 66, `version ${raw.version}`);
  const told = `"${source.name}": one of its two headers is damaged; the other counts`;
  return {
    dataWriteGuid: raw.dataWriteGuid,
    log: logOf(source, raw, offset),
    warnings: sound.length === 2 ? [] : [told],
  };
}

async function readOne(source: ByteSource, offset: number) {
  if (offset + header.size > source.size) return null;
  const bytes = await source.read(offset, header.size);
  const raw = header.decode(bytes);
  return hasMagic(bytes, 0, "head") && raw.checksum === checksumOf(bytes) ? raw : null;
}

function logOf(source: ByteSource, raw: NonNullable<Awaited<ReturnType<typeof readOne>>>, at: number): Header["log"] {
  if (raw.logGuid === NO_GUID) return null;
  if (raw.logVersion !== 0) throw unknownFeature(source, at + 64, `a log of version ${raw.logVersion}`);
  const { logOffset: offset, logLength: length } = raw;
  if (length > Limit.maxLog) throw unknownFeature(source, at + 68, `a log of ${length} bytes to be replayed`);
  if (length === 0 || length % MIB !== 0 || offset < MIB) {
    throw damaged(source, "HEADER", at + 68, `its log is ${length} bytes at ${offset}`);
  }
  checkRange(source, "HEADER", "log", { offset, length, alignment: MIB, at: at + 72 });
  return { guid: raw.logGuid, offset, length };
}
