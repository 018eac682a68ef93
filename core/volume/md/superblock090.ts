import { formatUuid } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import {
  DESCRIPTOR_WORDS,
  DISK_ACTIVE,
  DISK_FAULTY,
  DISK_SYNC,
  MAGIC,
  MINOR_RESHAPE,
  MOST_DISKS_090,
  SB_090_ALIGN,
  SB_090_BYTES,
  STATE_CLEAN,
  WORD,
} from "./layout.ts";
import type { Superblock } from "./member.ts";

/** Where the superblock stands: at the last whole 64 KiB; null in what is too small. */
export function place090(size: number): number | null {
  const offset = Math.floor(size / SB_090_ALIGN) * SB_090_ALIGN - SB_090_ALIGN;
  return offset < 0 ? null : offset;
}

type Words = (index: number) => number;

export async function marks090(source: ByteSource, offset: number): Promise<boolean> {
  return wordsOf(await source.read(offset, SB_090_BYTES)) !== null;
}

/** Reads words in the order in which the magic makes sense. */
function wordsOf(bytes: Uint8Array): { readonly words: Words; readonly little: boolean } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const little of [true, false]) {
    const words = (index: number) => view.getUint32(4 * index, little);
    if (words(WORD.magic) === MAGIC && words(WORD.majorVersion) === 0) return { words, little };
  }
  return null;
}

/** Throws `E_MD_SUPERBLOCK`. */
export async function readSuperblock090(source: ByteSource, offset: number): Promise<Superblock> {
  const wrong = (what: string) => damaged(source, "SUPERBLOCK", offset, what);
  const found = wordsOf(await source.read(offset, SB_090_BYTES));
  if (!found) throw wrong("it has no superblock");
  const { words, little } = found;
  if (words(WORD.sbCsum) !== checksum090(words)) throw wrong("the checksum of its superblock is wrong");
  const raidDisks = words(WORD.raidDisks);
  if (raidDisks > MOST_DISKS_090) throw wrong(`it has ${raidDisks} members`);
  const events = [words(WORD.events), words(WORD.events + 1)].map(BigInt) as [bigint, bigint];
  const [low, high] = little ? events : (events.toReversed() as [bigint, bigint]);
  const level = words(WORD.level) | 0;
  return {
    version: "0.90",
    uuid: uuidOf(words),
    name: String(words(WORD.mdMinor)),
    level,
    layout: words(WORD.layout),
    chunk: words(WORD.chunkSize),
    raidDisks,
    size: words(WORD.size) * 1024,
    dataOffset: 0,
    dataSize: offset,
    events: (high << 32n) | low,
    number: words(WORD.thisDisk),
    roles: Array.from({ length: MOST_DISKS_090 }, (_, index) => roleOf(words, WORD.disks + index * DESCRIPTOR_WORDS)),
    isClean: (words(WORD.state) & STATE_CLEAN) !== 0,
    recovered: Number.POSITIVE_INFINITY,
    isReplacement: false,
    badBlocks: null,
    refusal: refusalOf(words(WORD.minorVersion)),
  };
}

function refusalOf(minor: number): Superblock["refusal"] {
  if (minor === MINOR_RESHAPE) return { part: "RESHAPE", what: "it is being reshaped" };
  return minor === 90 ? null : { part: "FEATURE", what: `it has version 0.${minor}` };
}

function uuidOf(words: Words): string {
  const raw = new Uint8Array(16);
  const view = new DataView(raw.buffer);
  const places = [WORD.setUuid0, WORD.setUuid1, WORD.setUuid1 + 1, WORD.setUuid1 + 2];
  for (const [index, place] of places.entries()) view.setUint32(4 * index, words(place));
  return formatUuid(raw);
}

function roleOf(words: Words, at: number): number | null {
  const state = words(at + 4);
  const isIn = (state & DISK_FAULTY) === 0 && (state & DISK_ACTIVE) !== 0 && (state & DISK_SYNC) !== 0;
  return isIn ? words(at + 3) : null;
}

function checksum090(words: Words): number {
  let sum = 0;
  for (let index = 0; index < SB_090_BYTES / 4; index++) sum += index === WORD.sbCsum ? 0 : words(index);
  return (sum + Math.floor(sum / 2 ** 32)) >>> 0;
}
