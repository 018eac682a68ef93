import type { GuestkitError } from "../kit/errors.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";

/** A device that others stand on. */
export interface Member {
  /** As the kernel names it: `/dev/sda2`. */
  readonly device: string;
  readonly source: ByteSource;
  /** Where its header stands apart from it, and was given. */
  readonly header?: ByteSource;
}

/** What a member says of itself. */
export interface MemberLabel {
  readonly member: Member;
  readonly uuid: string | null;
  readonly label: string | null;
  /** Members that say the same are put together. */
  readonly group: string;
}

/** A device made of members: an array, an opened container, a logical volume. */
export interface StackedDevice {
  readonly kind: "array" | "mapping" | "logical_volume";
  /** As libguestfs and the kernel name it: `/dev/vg0/root`, `/dev/md127`, `/dev/mapper/luks-UUID`. */
  readonly device: string;
  /** Its other names: `/dev/mapper/vg0-root`. */
  readonly aliases: readonly string[];
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number;
  /** Devices of the members that it needs. */
  readonly on: readonly string[];
  /** Null where `error` says why it cannot be read. */
  readonly source: ByteSource | null;
  readonly error: GuestkitError | null;
  /** Facts for `info`: level, layout, cipher. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Members that belong together. */
export interface StackGroup {
  /** A volume group's name, an array's, a container's UUID. */
  readonly name: string;
  readonly uuid: string | null;
  /** What it lacks, in words; empty when it is whole. One that lacks something is opened when nothing else is left. */
  readonly missing: readonly string[];
  /** Throws what its metadata says; what is wrong with one device only is that device's `error`. */
  open(): Promise<{ readonly devices: readonly StackedDevice[]; readonly warnings: readonly string[] }>;
}

/** What members ask of their surroundings. */
export interface StackContext extends Codec {
  /** Bytes of keys for a container with that device and UUID, in the order to be tried. */
  keys(device: string, uuid: string): Promise<readonly Uint8Array[]>;
  /** The next free number of an array: 127, 126, ... */
  arrayNumber(): number;
}

/** One way of making devices of devices. `probe` never throws for content; the rest does. */
export interface StackKind<Label extends MemberLabel = MemberLabel> {
  /** As libblkid names a member: LVM2_member, linux_raid_member, crypto_LUKS. */
  readonly type: string;
  probe(source: ByteSource): Promise<boolean>;
  read(member: Member): Promise<Label>;
  /** Who belongs together, where a member alone cannot say it; left out, `group` decides. */
  groups?(labels: readonly Label[]): ReadonlyMap<string, readonly Label[]>;
  /** `labels` all say the same group. */
  assemble(labels: readonly Label[], context: StackContext): Promise<StackGroup>;
}
