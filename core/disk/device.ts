import type { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import {
  luks,
  type MemberLabel,
  openVolumes,
  type StackedDevice,
  type StackKind,
  stackKinds,
  type Volume,
  type VolumeTable,
} from "../volume/index.ts";
import type { DeviceKind } from "./node.ts";

/** A device whose bytes can be read, or that says why not; what it holds is not known yet. */
export interface Device {
  readonly kind: DeviceKind;
  readonly device: string;
  readonly aliases: readonly string[];
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number;
  readonly on: readonly string[];
  readonly partition: Volume | null;
  readonly details: StackedDevice["details"];
  readonly source: ByteSource | null;
  readonly error: GuestkitError | null;
  /** How many others it stands on, one on the other. */
  readonly depth: number;
}

/** What other devices are made of; null where a device holds something else. */
export interface Holding {
  readonly table: VolumeTable | null;
  readonly member: { readonly kind: StackKind; readonly label: MemberLabel } | null;
}

/**
 * Where the kernel looks for partitions. One that is a member with its mark behind its data (md 0.90 and 1.0) shows the
 * table of what it is a part of.
 */
const PARTITIONED: readonly DeviceKind[] = ["disk", "array"];
const OVER_TABLE = "linux_raid_member";

/** Throws what a damaged table says. */
export async function tableOf({ kind, source }: Device): Promise<VolumeTable | null> {
  return source && PARTITIONED.includes(kind) ? await openVolumes(source) : null;
}

/** Throws what a damaged mark says. */
export async function memberOf({ device, source }: Device, table: VolumeTable | null): Promise<Holding["member"]> {
  const kind = source && (await stackKindOf(source));
  if (!source || !kind || (table && !(await standsOverTable(kind, table)))) return null;
  return { kind, label: await kind.read({ device, source }) };
}

/** A container whose header stands elsewhere: nothing on the device tells of it. Throws what is wrong with the header. */
export async function containerOf({ device, source }: Device, header: ByteSource): Promise<Holding["member"]> {
  return source && { kind: luks, label: await luks.read({ device, source, header }) };
}

export async function stackKindOf(source: ByteSource): Promise<StackKind | null> {
  for (const kind of stackKinds) if (await kind.probe(source)) return kind;
  return null;
}

/** The mark at the end of the last partition is also near the disk's end: it is the partition's. */
async function standsOverTable(kind: StackKind, { volumes }: VolumeTable): Promise<boolean> {
  if (kind.type !== OVER_TABLE) return false;
  for (const { source } of volumes) if (await kind.probe(source)) return false;
  return true;
}
