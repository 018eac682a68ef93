import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { faultsOf } from "../fault.ts";
import { Limit, MAGIC, qcowHeader } from "./layout.ts";

/** A header that holds together. Offsets and sizes in bytes. */
export interface Header {
  readonly size: number;
  readonly clusterBits: number;
  /** Entries of an L2 table. */
  readonly perTable: number;
  readonly l1: { readonly offset: number; readonly entries: number };
  readonly backingName: string | null;
}

export const faults = faultsOf("QCOW");
const { damaged, checkRange } = faults;

/** Throws `E_QCOW_HEADER`, `E_QCOW_ENCRYPTED`, `E_QCOW_TABLE_BOUNDS`. */
export async function openHeader(source: ByteSource): Promise<Header> {
  if (source.size < qcowHeader.size) throw damaged(source, "HEADER", 0, "it ends within its header");
  const header = qcowHeader.decode(await source.read(0, qcowHeader.size));
  const { clusterBits, l2Bits, size, l1TableOffset: offset } = header;
  if (header.magic !== MAGIC || header.version !== 1)
    throw damaged(source, "HEADER", 0, "it has no header of qcow version 1");
  if (header.cryptMethod !== 0) throw encrypted(source);
  if (clusterBits < Limit.minClusterBits || clusterBits > Limit.maxClusterBits) {
    throw damaged(source, "HEADER", 32, `its clusters are of 2^${clusterBits} bytes`);
  }
  if (l2Bits < Limit.minL2Bits || l2Bits > Limit.maxL2Bits) {
    throw damaged(source, "HEADER", 33, `its tables have 2^${l2Bits} entries`);
  }
  const entries = Math.ceil(size / 2 ** (clusterBits + l2Bits));
  if (entries * 8 > Limit.maxL1Bytes) throw damaged(source, "HEADER", 24, `its disk is ${size} bytes`);
  checkRange(source, "TABLE_BOUNDS", "L1 table", { offset, length: entries * 8, alignment: 8, at: 40 });
  return {
    // Disks are made of whole sectors.
    size: size - (size % 512),
    clusterBits,
    perTable: 2 ** l2Bits,
    l1: { offset, entries },
    backingName: await backingName(source, header.backingFileOffset, header.backingFileSize),
  };
}

function encrypted(source: ByteSource): GuestkitError {
  return new GuestkitError("E_QCOW_ENCRYPTED", `Cannot open "${source.name}": it is encrypted (AES)`, {
    at: { file: source.name, offset: 36 },
    help:
      "Make a plain copy: qemu-img convert --object secret,id=s,file=PASSPHRASE_FILE --image-opts " +
      `driver=qcow,encrypt.key-secret=s,file.filename="${source.name}" -O qcow2 NEW.qcow2`,
  });
}

async function backingName(source: ByteSource, offset: number, length: number): Promise<string | null> {
  if (offset === 0) return null;
  if (length > 0 && length <= Limit.maxBackingName && offset + length <= source.size) {
    return new TextDecoder().decode(await source.read(offset, length));
  }
  throw damaged(source, "HEADER", 8, `its backing file's name (${length} bytes at ${offset}) is none`);
}
