import type { User } from "../../guest/accounts.ts";
import type { CloudInitConfig } from "../../guest/cloud-init.ts";
import type { CommandLine } from "../../guest/command-line.ts";
import type { FstabEntry } from "../../guest/fstab.ts";
import type { KernelModules } from "../../guest/kernel-modules.ts";
import type { Renderer } from "../../guest/renderers.ts";
import type { SshServer } from "../../guest/ssh-server.ts";
import { KINDS } from "../../share/table.ts";

/** What an image tells of how it will boot. Plain data: it is kept on disk as JSON. */
export interface ImageFacts {
  readonly path: string;
  readonly format: string;
  /** Bytes that the guest sees. */
  readonly virtualSize: number;
  /** Bytes of its backing file; null without one. */
  readonly backingSize: number | null;
  readonly table: "gpt" | "mbr" | null;
  /** Bytes of the sectors that the table counts in; null without one. */
  readonly sectorSize: number | null;
  /** What keeps Linux from believing the table, though guestkit reads it; empty where nothing does. */
  readonly tableFaults: readonly string[];
  readonly partitions: readonly PartitionFacts[];
  /** Partitions that end past the disk's end, as warnings say it. */
  readonly cutOff: readonly string[];
  readonly bios: BiosFacts;
  /** EFI system partitions. */
  readonly esps: readonly EspFacts[];
  readonly system: SystemFacts | null;
  /** Devices on it are made of others too, which are not on it. */
  readonly lacking?: boolean;
  /** What could not be read, with why: rules that would ask for it stay silent. */
  readonly unread: readonly string[];
}

/** A partition, or (number 0) a whole disk without a table and whatever is made of others. */
export interface PartitionFacts {
  readonly number: number;
  readonly type: string;
  readonly name: string | null;
  /** PARTUUID. */
  readonly partuuid: string | null;
  /** Bytes. */
  readonly size: number;
  /** Of the content; null where it is not recognised. */
  readonly filesystem: string | null;
  readonly uuid: string | null;
  readonly label: string | null;
  /** Other devices are made of it, and what is in them is told here as well. */
  readonly isOpen?: boolean;
}

export interface BiosFacts {
  /** There is code in the first sector, and its signature. */
  readonly code: boolean;
  /** It names itself: GRUB, LILO, SYSLINUX; null where it does not. */
  readonly loader: string | null;
  /** GRUB's first part leads to sectors of zeros, or the BIOS boot partition is empty; null where all is well. */
  readonly emptyCore: string | null;
}

export interface EspFacts {
  readonly partition: number;
  /** The file system cannot be read. */
  readonly unreadable: boolean;
  /** Programs for x86-64, by path. */
  readonly loaders: readonly string[];
  /** EFI/BOOT/BOOTX64.EFI, which firmware starts without having been told of anything. */
  readonly fallback: { readonly path: string; readonly signed: boolean } | null;
  /** Architectures of other fallback programs. */
  readonly otherArchs: readonly string[];
}

export interface SystemFacts {
  /** Device of its root by libguestfs's name: /dev/sda2. */
  readonly device: string;
  readonly distro: string | null;
  readonly version: string | null;
  readonly product: string | null;
  readonly arch: string | null;
  /** It starts with systemd: what is enabled can be told. */
  readonly systemd: boolean;
  /** systemd takes its first start there for a system's first boot, and enables units by its presets. */
  readonly presets: boolean;
  /** Units that cannot be started. */
  readonly masked: readonly string[];
  readonly cloudInit: ({ readonly installed: boolean; readonly enabled: boolean } & CloudInitConfig) | null;
  readonly agent: { readonly installed: boolean; readonly enabled: boolean } | null;
  readonly ssh: SshServer | null;
  /** Null where they could not be read. */
  readonly users: readonly Pick<User, "name" | "uid" | "shell" | "groups">[] | null;
  readonly kernels: readonly KernelFacts[] | null;
  readonly commandLines: readonly CommandLine[];
  readonly fstab: readonly FstabEntry[];
  readonly machineId: string | null;
  readonly renderers: readonly Renderer[] | null;
  /** Programs that cloud-init's work and mounts lean on, those that are there; null where they could not be looked for. */
  readonly programs: readonly ("sudo" | "growpart" | "sshfs")[] | null;
  /** Who carries netplan's files out, where they say it, and the first of them. */
  readonly netplan: { readonly file: string; readonly renderer: string | null } | null;
}

export interface KernelFacts {
  readonly version: string;
  /** It can be booted: there is a kernel, not only modules. */
  readonly bootable: boolean;
  readonly folder: string;
  /** Null where its module lists are not there. */
  readonly modules: KernelModules | null;
  /** Path of its initial RAM disk; null without one. */
  readonly initrd: string | null;
  /** Of the drivers that loadable modules are needed for, those in the initial RAM disk; null where it cannot be read. */
  readonly initrdModules: readonly string[] | null;
}

/** Drivers by what the guest sees them for. */
export const STORAGE_DRIVERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  virtio: [["virtio_pci"], ["virtio_blk"]],
  scsi: [["virtio_pci"], ["virtio_scsi"], ["sd_mod"]],
  sata: [["ahci"], ["sd_mod"]],
  ide: [
    ["ata_piix", "ata_generic", "piix"],
    ["sd_mod", "ide_gd_mod"],
  ],
  nvme: [["nvme"]],
  usb: [["xhci_pci", "ehci_pci", "uhci_hcd", "xhci_hcd"], ["usb_storage", "uas"], ["sd_mod"]],
};

export const NETWORK_DRIVERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "virtio-net-pci": [["virtio_pci"], ["virtio_net"]],
  e1000: [["e1000"]],
  e1000e: [["e1000e"]],
  rtl8139: [["8139cp", "8139too"]],
};

export const SHARE_DRIVERS: Readonly<Record<string, readonly (readonly string[])[]>> = Object.fromEntries(
  Object.values(KINDS).map(({ name, drivers }) => [name, drivers]),
);

const names = (table: typeof STORAGE_DRIVERS) => Object.values(table).flat(2);

/** What must be in the initial RAM disk, unless the kernel has it itself. */
export const ROOT_DRIVERS: ReadonlySet<string> = new Set(names(STORAGE_DRIVERS));
/** Every driver that a rule asks for. */
export const DRIVERS: ReadonlySet<string> = new Set([
  ...ROOT_DRIVERS,
  ...names(NETWORK_DRIVERS),
  ...names(SHARE_DRIVERS),
  "virtio_console",
]);
