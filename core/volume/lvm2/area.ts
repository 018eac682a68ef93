import { crc32State } from "../../kit/checksum.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Area } from "./label.ts";
import {
  INITIAL_CRC,
  MDA_CRC_FROM,
  MDA_HEADER_SIZE,
  MDA_MAGIC,
  MDA_MAGIC_AT,
  MOST_TEXT,
  mdaHeader,
  RAW_LOCATION_IGNORED,
  RAW_LOCATIONS_AT,
  rawLocation,
} from "./layout.ts";

/** What a metadata area holds: a text, nothing (`text` and `fault` null), or damage. */
export interface AreaContent {
  readonly text: string | null;
  /** What is wrong, in words. */
  readonly fault: string | null;
  /** Where the text starts, or the damage; bytes into the device. */
  readonly offset: number;
}

/** The text of an area; one that is to be ignored counts as empty. */
export async function readArea(source: ByteSource, area: Area): Promise<AreaContent> {
  const bad = (fault: string, offset = area.offset) => ({ text: null, fault, offset });
  if (area.offset + MDA_HEADER_SIZE > source.size) return bad("it lies past the device's end");
  const header = await source.read(area.offset, MDA_HEADER_SIZE);
  const fault = headerFault(header, area);
  if (fault !== null) return bad(fault);
  const size = Number(mdaHeader.decode(header).size);
  const slot = firstSlot(header);
  if (slot === null) return { text: null, fault: null, offset: area.offset };
  const { offset, length, checksum } = slot;
  if (length > Math.min(size - MDA_HEADER_SIZE, MOST_TEXT)) return bad(`its text is ${length} bytes long`);
  if (offset < MDA_HEADER_SIZE || offset >= size) return bad(`its text stands at ${offset}`);
  if (area.offset + size > source.size) return bad("it ends past the device's end");
  const bytes = await readRing(source, area.offset, size, slot);
  const start = area.offset + offset;
  if (crc32State(INITIAL_CRC, bytes) !== checksum) return bad("the checksum of its text is wrong", start);
  return { text: new TextDecoder().decode(bytes).replace(/\0+$/, ""), fault: null, offset: start };
}

function headerFault(header: Uint8Array, area: Area): string | null {
  const { checksum, version, start, size } = mdaHeader.decode(header);
  if (!hasMagic(header, MDA_MAGIC_AT, MDA_MAGIC)) return "its header has no mark";
  if (checksum !== crc32State(INITIAL_CRC, header.subarray(MDA_CRC_FROM))) return "the checksum of its header is wrong";
  if (version !== 1) return `its version is ${version}`;
  if (start !== BigInt(area.offset)) return `it says that it stands at ${start}`;
  if (size <= MDA_HEADER_SIZE || size > BigInt(Number.MAX_SAFE_INTEGER)) return `its size is ${size}`;
  return null;
}

interface Slot {
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

function firstSlot(header: Uint8Array): Slot | null {
  const { offset, size, checksum, flags } = rawLocation.decode(header, RAW_LOCATIONS_AT);
  const isIgnored = (flags & RAW_LOCATION_IGNORED) !== 0;
  if (offset === 0n || size === 0n || isIgnored) return null;
  return { offset: Number(offset), length: Number(size), checksum };
}

/** Texts follow one another in a ring behind the header: what passes its end goes on at its start. */
async function readRing(
  source: ByteSource,
  start: number,
  size: number,
  { offset, length }: Slot,
): Promise<Uint8Array> {
  const straight = Math.min(length, size - offset);
  const first = await source.read(start + offset, straight);
  if (straight === length) return first;
  const bytes = new Uint8Array(length);
  bytes.set(first);
  bytes.set(await source.read(start + MDA_HEADER_SIZE, length - straight), straight);
  return bytes;
}
