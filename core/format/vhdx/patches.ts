import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { faults } from "./fault.ts";
import { dataSector, descriptor, LOG_SECTOR, logEntry } from "./layout.ts";
import { type Entry, entryBytes, headLength, type Log } from "./log-entry.ts";
import type { Patch } from "./patched.ts";

const { damaged } = faults;

/** What the entries change, in their order. Throws `E_VHDX_LOG`. */
export function patchesOf(source: ByteSource, log: Log, sequence: readonly Entry[]): readonly Patch[] {
  return sequence.flatMap((entry) => entryPatches(source, log, entry));
}

function entryPatches(source: ByteSource, log: Log, entry: Entry): Patch[] {
  const bytes = entryBytes(log, entry);
  const fault = (what: string) => damaged(source, "LOG", log.offset + entry.place, `an entry of its log ${what}`);
  const patches: Patch[] = [];
  let data = headLength(entry.descriptors);
  for (let index = 0; index < entry.descriptors; index++) {
    const at = logEntry.size + index * descriptor.size;
    const found = descriptor.decode(bytes, at);
    const { fileOffset: start, sequenceNumber } = found;
    if (sequenceNumber !== entry.sequence || start % LOG_SECTOR !== 0) throw fault("has a change that is not its own");
    if (hasMagic(bytes, at, "zero")) {
      const { zeroLength } = found;
      if (zeroLength % LOG_SECTOR !== 0) throw fault(`lays ${zeroLength} zeros`);
      patches.push({ start, end: start + zeroLength, bytes: null });
      continue;
    }
    if (!hasMagic(bytes, at, "desc")) throw fault("has a change of an unknown kind");
    if (data + LOG_SECTOR > bytes.length) throw fault("ends within its data");
    const sector = sectorOf(bytes, at, data, entry.sequence);
    if (!sector) throw fault("has data that are not its own");
    patches.push({ start, end: start + LOG_SECTOR, bytes: sector });
    data += LOG_SECTOR;
  }
  return patches;
}

/** A sector of the file: the descriptor keeps its first and last bytes, where the log's sector has its own marks. */
function sectorOf(bytes: Uint8Array, at: number, data: number, sequence: bigint): Uint8Array | null {
  const { sequenceHigh, sequenceLow } = dataSector.decode(bytes, data);
  const number = (BigInt(sequenceHigh) << 32n) | BigInt(sequenceLow);
  if (!hasMagic(bytes, data, "data") || number !== sequence) return null;
  const { leadingBytes, trailingBytes } = descriptor.decode(bytes, at);
  const sector = bytes.slice(data, data + LOG_SECTOR);
  sector.set(leadingBytes);
  sector.set(trailingBytes, LOG_SECTOR - trailingBytes.length);
  return sector;
}
