import type { Group, User } from "../guest/accounts.ts";
import type { Agent } from "../guest/agents.ts";
import type { Bootloader } from "../guest/bootloader.ts";
import { type FactFields, NO_FACTS } from "../guest/facts/index.ts";
import type { Kernel } from "../guest/kernels.ts";
import type { NetworkConfig } from "../guest/network/index.ts";
import type { PackageFormat } from "../guest/packages/index.ts";
import type { Package } from "../guest/packages/package.ts";
import type { Units } from "../guest/units.ts";

/** Raised when a field changes its meaning or goes; a new field does not raise it. */
export const REPORT_VERSION = 1;

/** A file system as the guest would mount it. */
export interface MountReport {
  readonly target: string;
  /** As libguestfs names it: `/dev/sda1`. */
  readonly device: string;
  readonly type: string;
  /** Of fstab, `defaults,ro`; null where fstab does not name it. */
  readonly options: string | null;
}

/** What a partition, or a disk without partitions, holds. */
export interface FileSystemReport {
  readonly device: string;
  /** `ext4`, `vfat`, `swap`, `crypto_LUKS`; null where it is not recognised. */
  readonly type: string | null;
  readonly uuid: string | null;
  readonly label: string | null;
  /** Bytes. */
  readonly size: number;
  /** Bytes free for files; null where that is not known. */
  readonly free: number | null;
  /** The partition's number; null for a disk without a table. */
  readonly partition: number | null;
  readonly partition_uuid: string | null;
  readonly partition_name: string | null;
  /** Why it cannot be read, code and text; null where it can, or where there is nothing to read. */
  readonly error: string | null;
}

/**
 * One installed system. A list that could not be read is null, and a warning says why: it is never a part of what
 * there is.
 */
export interface SystemReport extends FactFields {
  readonly os_type: "linux";
  readonly distro: string | null;
  readonly version: string | null;
  readonly product_name: string | null;
  readonly product_variant: string | null;
  readonly codename: string | null;
  readonly osinfo: string | null;
  readonly hostname: string | null;
  readonly machine_id: string | null;
  readonly arch: string | null;
  /** Device of its root file system. */
  readonly root: string;
  readonly package_format: PackageFormat | null;
  readonly package_management: string | null;
  readonly packages: readonly Package[] | null;
  readonly mounts: readonly MountReport[];
  readonly users: readonly User[] | null;
  readonly groups: readonly Group[] | null;
  readonly timezone: string | null;
  readonly locale: string | null;
  readonly kernels: readonly Kernel[] | null;
  readonly units: Units | null;
  readonly network: readonly NetworkConfig[] | null;
  readonly bootloader: Bootloader | null;
  readonly cloud_init: Agent | null;
  readonly guest_agent: Agent | null;
}

/** A system's fields as they stand at the top: null or empty where there is no system. */
export type FirstSystem = {
  readonly [K in keyof SystemReport]: SystemReport[K] extends readonly unknown[]
    ? SystemReport[K]
    : SystemReport[K] | null;
};

export interface ReportFrame {
  readonly format_version: typeof REPORT_VERSION;
  readonly filesystems: readonly FileSystemReport[];
  /** Every system that was found; the first one's fields stand above as well. */
  readonly operating_systems: readonly SystemReport[];
  readonly warnings: readonly string[];
}

/** The answer of `inspect`: the first system's fields, and what the image holds besides. */
export type Report = FirstSystem & ReportFrame;

export const NO_SYSTEM: FirstSystem = {
  os_type: null,
  distro: null,
  version: null,
  product_name: null,
  product_variant: null,
  codename: null,
  osinfo: null,
  hostname: null,
  machine_id: null,
  arch: null,
  root: null,
  package_format: null,
  package_management: null,
  packages: [],
  mounts: [],
  users: [],
  groups: [],
  timezone: null,
  locale: null,
  kernels: [],
  units: null,
  network: [],
  bootloader: null,
  cloud_init: null,
  guest_agent: null,
  ...NO_FACTS,
};
