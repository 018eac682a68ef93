import type { ByteSource } from "../../source/source.ts";
import { dataRun, parentRun, type Run, zeroRun } from "../run.ts";
import { damaged } from "./fault.ts";
import { SUBCLUSTERS } from "./layout.ts";

/** What decoding L2 entries needs to know of the image. */
export interface EntryRules {
  readonly source: ByteSource;
  readonly version: 2 | 3;
  readonly clusterBits: number;
  readonly clusterSize: number;
  readonly extendedL2: boolean;
  readonly hasDataFile: boolean;
}

// The upper 32 bits of an entry.
const COPIED = 0x80000000;
const COMPRESSED = 0x40000000;
const RESERVED_HIGH = 0x3f000000;
const OFFSET_HIGH = 0x00ffffff;
// The lower 32 bits.
const OFFSET_LOW = 0xfffffe00;
const RESERVED_LOW = 0x000001fe;
const ZERO = 1;

const L1_RESERVED_HIGH = 0x7f000000;
const L1_RESERVED_LOW = 0x000001ff;

/** Offset of the L2 table that the L1 entry at `at` of `table` names; 0 for none. `place` is its offset in the file. */
export function decodeL1(rules: EntryRules, table: DataView, at: number, place: number): number {
  const high = table.getUint32(at);
  const low = table.getUint32(at + 4);
  if ((high & L1_RESERVED_HIGH) !== 0 || (low & L1_RESERVED_LOW) !== 0) {
    throw damaged(rules.source, "L1_ENTRY", place, `L1 entry ${hex(high, low)} has reserved bits set`);
  }
  return (high & OFFSET_HIGH) * 2 ** 32 + low;
}

/**
 * What the guest sees from byte `within` of a cluster on, up to where it changes or the cluster ends.
 * @param at of the entry in `table`; `place` is its offset in the file
 */
export function decodeL2(rules: EntryRules, table: DataView, at: number, place: number, within: number): Run {
  const high = table.getUint32(at);
  const low = table.getUint32(at + 4);
  if ((high & COMPRESSED) !== 0) return compressedRun(rules, high, low, place, within);
  checkReserved(rules, high, low, place);
  const host = (high & OFFSET_HIGH) * 2 ** 32 + ((low & OFFSET_LOW) >>> 0);
  if (host % rules.clusterSize !== 0) {
    throw damaged(rules.source, "L2_ENTRY", place, `cluster offset 0x${host.toString(16)} is not aligned`);
  }
  // With an external data file 0 is an offset like any other; the copied flag then says that it is meant.
  const allocated = host !== 0 || (rules.hasDataFile && (high & COPIED) !== 0);
  if (rules.extendedL2) return subclusterRun(rules, table, at, place, within, allocated ? host : -1);
  const length = rules.clusterSize - within;
  if ((low & ZERO) !== 0) return zeroRun(length);
  return allocated ? dataRun(host + within, length) : parentRun(length);
}

function checkReserved({ source, version, extendedL2 }: EntryRules, high: number, low: number, place: number): void {
  const zeroKnown = version === 3 && !extendedL2;
  const reserved = RESERVED_LOW | (zeroKnown ? 0 : ZERO);
  if ((high & RESERVED_HIGH) === 0 && (low & reserved) === 0) return;
  throw damaged(source, "L2_ENTRY", place, `L2 entry ${hex(high, low)} has reserved bits set`);
}

/** The split between offset and sector count depends on the cluster size: the offset has 70 - cluster_bits bits. */
function compressedRun(rules: EntryRules, high: number, low: number, place: number, within: number): Run {
  const { source, clusterBits, clusterSize } = rules;
  const split = 70 - clusterBits - 32;
  const host = (high & (2 ** split - 1)) * 2 ** 32 + low;
  const sectors = (high & 0x3fffffff) >>> split;
  if (rules.hasDataFile)
    throw damaged(source, "L2_ENTRY", place, "a cluster is compressed beside an external data file");
  if (host >= source.size || host < clusterSize) {
    throw damaged(source, "DATA_BOUNDS", place, `compressed cluster at 0x${host.toString(16)} is outside the file`);
  }
  // Sector counts may reach past the end of a file that ends with the stream.
  const stored = Math.min((sectors + 1) * 512 - (host % 512), source.size - host);
  return { kind: "compressed", length: clusterSize - within, host, stored };
}

/** The run of equal subclusters from `within` on: bit n of the lower word says stored, of the upper one zero. */
function subclusterRun(
  rules: EntryRules,
  table: DataView,
  at: number,
  place: number,
  within: number,
  host: number,
): Run {
  const zeros = table.getUint32(at + 8);
  const stored = table.getUint32(at + 12);
  if ((zeros & stored) !== 0 || (host < 0 && stored !== 0)) {
    throw damaged(rules.source, "L2_ENTRY", place, `subcluster bitmap ${hex(zeros, stored)} contradicts itself`);
  }
  const size = rules.clusterSize / SUBCLUSTERS;
  const kindOf = (index: number) => ((zeros >>> index) & 1) * 2 + ((stored >>> index) & 1);
  const first = Math.floor(within / size);
  const kind = kindOf(first);
  let end = first + 1;
  while (end < SUBCLUSTERS && kindOf(end) === kind) end++;
  const length = end * size - within;
  if (kind === 1) return dataRun(host + within, length);
  return kind === 2 ? zeroRun(length) : parentRun(length);
}

function hex(high: number, low: number): string {
  return `0x${high.toString(16).padStart(8, "0")}${low.toString(16).padStart(8, "0")}`;
}
