import { hasMagic } from "../kit/magic.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import type { Container } from "./container.ts";
import { damaged } from "./fault.ts";
import { binaryHeader, HEADER_SIZES, MAGIC, MAGIC_2ND } from "./layout.ts";
import { containerOf } from "./metadata.ts";

type Header = ReturnType<typeof binaryHeader.decode>;

/** One of the two headers: sound, or why it is not. */
type Finding =
  | { readonly header: Header; readonly json: Uint8Array; readonly why: null }
  | { readonly header: Header | null; readonly json: null; readonly why: string };

const none = (why: string, header: Header | null = null): Finding => ({ header, json: null, why });

/**
 * LUKS2: of the two headers the sound one, and the newer of two.
 * Throws `E_LUKS_HEADER` where neither is sound, and what their content says.
 */
export async function readHeader2(source: ByteSource, codec: Codec): Promise<Container> {
  const ciphers = await codec.ciphers();
  const look = (offset: number) => readCopy(source, offset, (name) => ciphers.hash(name));
  const first = await look(0);
  const second = await lookForSecond(first, look);
  const chosen = newer(first, second);
  if (chosen.why !== null) {
    throw damaged(source, "HEADER", 0, `the first of its two headers: ${first.why}; the second: ${second.why}`);
  }
  return containerOf(source, chosen.header, chosen.json, warningsOf(first, second));
}

async function lookForSecond(first: Finding, look: (offset: number) => Promise<Finding>): Promise<Finding> {
  if (first.why === null) return look(Number(first.header.hdrSize));
  for (const offset of HEADER_SIZES) {
    const found = await look(offset);
    if (found.why === null) return found;
  }
  return none("it is at none of its places");
}

/** The first, unless the second alone is sound, or was written later. */
function newer(first: Finding, second: Finding): Finding {
  if (second.why !== null) return first;
  return first.why === null && first.header.seqid >= second.header.seqid ? first : second;
}

function warningsOf(first: Finding, second: Finding): readonly string[] {
  const mend = "cryptsetup mends it when it opens the container the next time";
  if (first.why !== null) return [`The first LUKS header is damaged (${first.why}): the second was used; ${mend}`];
  if (second.why !== null) return [`The second LUKS header is damaged (${second.why}); ${mend}`];
  if (first.header.seqid === second.header.seqid) return [];
  return [`The two LUKS headers differ: the newer was used; ${mend}`];
}

type Hashes = (name: string) => ((data: Uint8Array) => Uint8Array) | null;

async function readCopy(source: ByteSource, offset: number, hashes: Hashes): Promise<Finding> {
  if (offset + binaryHeader.size > source.size) return none("it is past the device's end");
  const head = await source.read(offset, binaryHeader.size);
  if (!hasMagic(head, 0, offset === 0 ? MAGIC : MAGIC_2ND)) return none("its mark is missing");
  const header = binaryHeader.decode(new Uint8Array(head));
  const { version, checksumAlgorithm } = header;
  const [hdrSize, hdrOffset] = [Number(header.hdrSize), Number(header.hdrOffset)];
  if (version !== 2) return none(`its version is ${version}`);
  if (hdrOffset !== offset) return none(`it says that it stands at ${hdrOffset}`);
  if (!HEADER_SIZES.includes(hdrSize) || (offset > 0 && hdrSize !== offset)) return none(`it has ${hdrSize} bytes`);
  if (offset + hdrSize > source.size) return none("it ends past the device's end");
  const hash = hashes(checksumAlgorithm);
  if (!hash) return none(`its checksum is by ${JSON.stringify(checksumAlgorithm)}, which is not there`);
  const whole = new Uint8Array(await source.read(offset, hdrSize));
  if (!isSum(header.checksum, sumOf(whole, hash))) return none("its checksum is wrong");
  return { header, json: whole.subarray(binaryHeader.size), why: null };
}

const CHECKSUM = { offset: 448, length: 64 };

/** The checksum's own place counts as zeros. */
function sumOf(whole: Uint8Array, hash: (data: Uint8Array) => Uint8Array): Uint8Array {
  whole.fill(0, CHECKSUM.offset, CHECKSUM.offset + CHECKSUM.length);
  return hash(whole);
}

const isSum = (stored: Uint8Array, sum: Uint8Array): boolean => sum.every((byte, at) => byte === stored[at]);
