import type { ByteSource } from "../source/source.ts";
import { gpt } from "./gpt/index.ts";
import { luks } from "./luks/index.ts";
import { lvm2 } from "./lvm2/index.ts";
import { mbr } from "./mbr/index.ts";
import { md } from "./md/index.ts";
import type { StackKind } from "./stack.ts";
import type { VolumeKind, VolumeTable } from "./volume.ts";

export type { Member, MemberLabel, StackContext, StackedDevice, StackGroup, StackKind } from "./stack.ts";
export type { ByteRange, Extent, Grown, ResizedTable, Volume, VolumeKind, VolumeTable } from "./volume.ts";
export { luks };

/** Every partition table that is read, in the order of probing: a GPT has an MBR before it. */
export const volumeKinds: VolumeKind[] = [gpt, mbr];

/** Everything that makes devices of devices, in the order of probing: a mirror's member may look like what it holds. */
export const stackKinds: StackKind[] = [md, lvm2, luks];

/**
 * The disk's partition table; null where there is none, as on a bare file system.
 * Throws `E_GPT_DAMAGED` where a GPT is marked and cannot be read.
 */
export async function openVolumes(source: ByteSource): Promise<VolumeTable | null> {
  for (const kind of volumeKinds) if (await kind.probe(source)) return kind.open(source);
  return null;
}
