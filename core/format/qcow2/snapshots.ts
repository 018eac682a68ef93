import { GuestkitError } from "../../kit/errors.ts";
import { readU64 } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Snapshot } from "../format.ts";
import { checkRange, damaged } from "./fault.ts";
import type { Header } from "./header.ts";
import { Limit, snapshotExtra, snapshotHeader } from "./layout.ts";

/** A snapshot and the L1 table that maps its disk. */
export interface StoredSnapshot extends Snapshot {
  readonly l1TableOffset: number;
  readonly l1Size: number;
}

/** The snapshot table, entry by entry since their lengths vary. Throws `E_QCOW2_SNAPSHOTS`. */
export async function readSnapshots(source: ByteSource, header: Header): Promise<StoredSnapshot[]> {
  const { nbSnapshots, snapshotsOffset, clusterSize } = header;
  if (nbSnapshots === 0) return [];
  if (nbSnapshots > Limit.maxSnapshots) throw damaged(source, "SNAPSHOTS", 60, `it counts ${nbSnapshots} snapshots`);
  const table = { offset: snapshotsOffset, length: snapshotHeader.size, alignment: clusterSize, at: 64 };
  checkRange(source, "SNAPSHOTS", "snapshot table", table);
  const snapshots: StoredSnapshot[] = [];
  for (let at = snapshotsOffset; snapshots.length < nbSnapshots; ) {
    const entry = await readEntry(source, at, header).catch((error: unknown) => {
      throw error instanceof GuestkitError ? error.within({ file: source.name, offset: at }) : error;
    });
    snapshots.push(entry.snapshot);
    at = entry.end;
    if (at - snapshotsOffset <= Limit.maxSnapshotTable) continue;
    throw damaged(source, "SNAPSHOTS", at, `its snapshot table is longer than ${Limit.maxSnapshotTable} bytes`);
  }
  return snapshots;
}

async function readEntry(source: ByteSource, at: number, header: Header) {
  const part = async (offset: number, length: number) => {
    checkRange(source, "SNAPSHOTS", "snapshot entry", { offset, length, alignment: 1, at });
    return source.read(offset, length);
  };
  const head = snapshotHeader.decode(await part(at, snapshotHeader.size));
  const { extraSize, idLength, nameLength } = head;
  if (extraSize > Limit.maxSnapshotExtra)
    throw damaged(source, "SNAPSHOTS", at, `a snapshot has ${extraSize} bytes extra`);
  const rest = await part(at + snapshotHeader.size, extraSize + idLength + nameLength);
  const extra = readExtra(rest.subarray(0, extraSize), head.vmStateSize, header.size);
  const text = new TextDecoder();
  const snapshot: StoredSnapshot = {
    id: text.decode(rest.subarray(extraSize, extraSize + idLength)),
    name: text.decode(rest.subarray(extraSize + idLength)),
    createdAt: head.seconds * 1000 + Math.floor(head.nanoseconds / 1e6),
    vmStateSize: extra.vmStateSize,
    virtualSize: extra.virtualSize,
    l1TableOffset: head.l1TableOffset,
    l1Size: head.l1Size,
  };
  const length = snapshotHeader.size + rest.length;
  return { snapshot, end: at + Math.ceil(length / 8) * 8 };
}

/** Older writers stop after the first field, or before it. */
function readExtra(extra: Uint8Array, vmStateSize: number, virtualSize: number) {
  if (extra.length >= snapshotExtra.size) {
    const { vmStateSize: state, diskSize } = snapshotExtra.decode(extra);
    return { vmStateSize: state, virtualSize: diskSize };
  }
  if (extra.length < 8) return { vmStateSize, virtualSize };
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  return { vmStateSize: readU64(view, 0, false), virtualSize };
}

/** By id, then by name, as qemu-img chooses. Throws `E_QCOW2_SNAPSHOT`. */
export function findSnapshot(source: ByteSource, all: readonly StoredSnapshot[], wanted: string): StoredSnapshot {
  const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted);
  if (found) return found;
  const names = all.map(({ name }) => `"${name}"`).join(", ");
  throw new GuestkitError(
    "E_QCOW2_SNAPSHOT",
    `Cannot open snapshot "${wanted}" of "${source.name}": there is none such`,
    {
      at: { file: source.name },
      help: names ? `There are: ${names}` : `It has no snapshots; list them: qemu-img snapshot -l "${source.name}"`,
    },
  );
}
