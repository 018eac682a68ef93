/**
 * The log that QEMU's `blklogwrites` keeps of what is written to a block device. Its layout is that of the kernel's
 * dm-log-writes target (Documentation/admin-guide/device-mapper/log-writes.rst): little-endian, in units of a sector.
 */
const MAGIC = 0x6a736677736872n;
const FLUSH = 1;
const DISCARD = 4;
const MARK = 8;

export interface BlockWrite {
  /** Where on the device, in bytes. */
  readonly offset: number;
  /** Zeros for a discard. */
  readonly data: Uint8Array;
}

/** What was written before a flush, and after the flush before that: of these alone any may be missing. */
export type Epoch = readonly BlockWrite[];

/** The epochs of a log, in order. Throws where it is none. */
export function readBlockLog(log: Buffer): readonly Epoch[] {
  if (log.readBigUInt64LE(0) !== MAGIC) throw new Error("no log of writes");
  const entries = Number(log.readBigUInt64LE(16));
  const sector = log.readUInt32LE(24);
  const epochs: BlockWrite[][] = [[]];
  let at = sector;
  for (let entry = 0; entry < entries; entry++) {
    const [first, count, flags, length] = [0, 8, 16, 24].map((field) => Number(log.readBigUInt64LE(at + field)));
    if (first === undefined || count === undefined || flags === undefined || length === undefined) break;
    const body = at + sector;
    const isData = (flags & (DISCARD | MARK)) === 0;
    const size = count * sector;
    // A flush comes before the data that its entry carries.
    if (flags & FLUSH) epochs.push([]);
    if (flags & DISCARD) epochs.at(-1)?.push({ offset: first * sector, data: new Uint8Array(size) });
    else if (isData && size > 0) epochs.at(-1)?.push({ offset: first * sector, data: log.subarray(body, body + size) });
    at = body + (isData ? size : Math.ceil((flags & MARK ? length : 0) / sector) * sector);
  }
  return epochs;
}
