import { GuestkitError } from "../../kit/errors.ts";
import { continuation, SP_CHECK, SUSP_HEADER } from "./layout.ts";
import type { IsoRecord } from "./record.ts";
import type { IsoVolume } from "./volume.ts";

/** One entry of a system use area: `data` is the whole of it, header included. */
export interface SystemUseEntry {
  readonly signature: string;
  readonly data: Uint8Array;
}

/** Continuation areas of one record that are followed (the kernel's RR_MAX_CE_ENTRIES). */
const MAX_CONTINUATIONS = 32;
/** Bytes before the area where the volume is CD-XA too. */
const XA_LENGTH = 14;

/** How many bytes of every area belong to somebody else, by the root's SP entry; null where SUSP is not used. */
export function systemUseSkip(root: IsoRecord): number | null {
  for (const at of [0, XA_LENGTH]) {
    const entry = root.systemUse.subarray(at, at + 7);
    const [s, p, length, , first, second, skip] = entry;
    const found = s === 0x53 && p === 0x50 && length === 7 && first === SP_CHECK[0] && second === SP_CHECK[1];
    if (found) return skip ?? 0;
  }
  return null;
}

/** The entries of a record, its continuation areas followed. Throws `E_ISO9660_SUSP`. */
export async function systemUse(
  volume: IsoVolume,
  record: IsoRecord,
  skip: number,
): Promise<readonly SystemUseEntry[]> {
  const found: SystemUseEntry[] = [];
  // The root's own area starts with SP, before which nothing is skipped but XA.
  let area: Uint8Array | null = systemUseSkip(record) === 0 ? record.systemUse : record.systemUse.subarray(skip);
  for (let count = 0; area; count++) {
    if (count > MAX_CONTINUATIONS) throw damaged(volume, record, `it goes on more than ${MAX_CONTINUATIONS} times`);
    const entries = split(volume, record, area);
    found.push(...entries);
    const next = entries.findLast((each) => each.signature === "CE");
    area = next ? await readContinuation(volume, record, next.data) : null;
  }
  return found;
}

function split(volume: IsoVolume, record: IsoRecord, area: Uint8Array): SystemUseEntry[] {
  const found: SystemUseEntry[] = [];
  for (let at = 0; at + SUSP_HEADER <= area.length; ) {
    const length = area[at + 2] ?? 0;
    const signature = String.fromCharCode(area[at] ?? 0, area[at + 1] ?? 0);
    // What follows is padding.
    if (length === 0 || signature === "ST") break;
    if (length < SUSP_HEADER || at + length > area.length) {
      throw damaged(volume, record, `an entry of it has ${length} bytes`);
    }
    found.push({ signature, data: area.subarray(at, at + length) });
    at += length;
  }
  return found;
}

async function readContinuation(volume: IsoVolume, record: IsoRecord, data: Uint8Array): Promise<Uint8Array> {
  if (data.length < continuation.size) throw damaged(volume, record, "its continuation is cut short");
  const { block, offset, length } = continuation.decode(data);
  const start = block * volume.blockSize + offset;
  const inside = offset + length <= Math.max(volume.blockSize, 2048) && start + length <= volume.source.size;
  if (!inside) throw damaged(volume, record, `its continuation of ${length} bytes lies at ${start}`);
  return volume.source.read(start, length);
}

export function damaged({ source }: IsoVolume, { offset }: IsoRecord, what: string): GuestkitError {
  return new GuestkitError("E_ISO9660_SUSP", `Cannot read a record's system use area: ${what}`, {
    at: { file: source.name, offset },
    help: "The image is cut short or damaged: compare its size and sha256 with the original's.",
  });
}
