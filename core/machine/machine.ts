import type { CallerPath } from "../kit/caller-path.ts";
import type { ValueObject } from "../model/value.ts";

/** A virtual_machine's input in canonical form (model/contracts/virtual-machine): null where the user is silent. */
export interface Machine {
  readonly name: string;
  readonly running: boolean;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly balloon: number | null;
  readonly machine: "q35" | "pc";
  readonly cpu_model: string;
  readonly firmware: "bios" | "uefi" | null;
  readonly secure_boot: boolean;
  readonly kernel: string | null;
  readonly initrd: string | null;
  readonly cmdline: string | null;
  readonly tpm: boolean;
  readonly disks: Readonly<Record<string, MachineDisk>>;
  readonly template_vm: string | null;
  readonly base: string | null;
  readonly backing_file: boolean;
  readonly recreate_overlay: "always" | "never" | null;
  readonly snapshot_mode: boolean;
  readonly cdroms: Readonly<Record<string, Cdrom>>;
  readonly networks: Readonly<Record<string, Network>> | null;
  readonly shares: Readonly<Record<string, Share>>;
  readonly graphics: Graphics | null;
  readonly ssh: Ssh | null;
  readonly cloud_init: ValueObject | null;
  readonly provision: readonly ProvisionStep[];
  readonly provision_always: boolean;
  readonly startup_commands: readonly string[];
  readonly shutdown_commands: readonly string[];
  readonly upgrade_command: string | null;
  readonly wait_for: readonly WaitFor[] | null;
  readonly on_failure: "fail" | "keep";
  /** Bytes. */
  readonly console_log_size: number;
  readonly on_panic: "pause" | "poweroff" | "ignore";
  readonly labels: Readonly<Record<string, string>>;
  readonly extra_args: readonly string[];
  readonly autostart: boolean;
  readonly delete_protection: boolean;
  readonly preflight: Verdict;
  readonly preflight_rules: Readonly<Record<string, Verdict>>;
  readonly timeouts: Timeouts | null;
}

/** What is done with a fault that preflight finds. */
export type Verdict = "error" | "warn" | "off";

export interface MachineDisk {
  readonly image: string;
  /** Null: as recorded, else as it looks. Of effective machines: what is known of a template's disk. */
  readonly format: "qcow2" | "raw" | null;
  readonly allow_backing_files: boolean;
  readonly overlay: boolean;
  /** Bytes. */
  readonly size: number | null;
  readonly bus: "virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb";
  /** Bytes, 512 or 4096. */
  readonly sector_size: number;
  readonly read_only: boolean;
  readonly discard: "unmap" | "ignore";
  readonly cache: "writeback" | "none" | "writethrough" | "directsync" | "unsafe";
  readonly boot_order: number | null;
  readonly serial: string | null;
  /**
   * Of effective machines alone (disks/effective.ts): where the guest's writes go. `fresh`: to a file that is made anew
   * at every start, over the image; `above`: over the machine's kept overlay. Left out: as `overlay` says.
   */
  readonly own?: "fresh" | "above";
  /** Of effective machines alone: the machine's own file is a whole copy of the image instead of a thin one. */
  readonly whole?: boolean;
  /** Of effective machines alone: the machine that the image belongs to. */
  readonly from?: string;
}

export interface Cdrom {
  readonly image: string | null;
  readonly boot_order: number | null;
}

export interface Network {
  readonly kind: "user" | "passt" | "bridge" | "tap" | "link" | "socket" | "stream";
  readonly model: "virtio-net-pci" | "e1000" | "e1000e" | "rtl8139";
  readonly mac: string | null;
  readonly addresses: readonly string[];
  readonly forwards: Readonly<Record<string, Forward>>;
  readonly isolated: boolean;
  readonly bridge: string | null;
  readonly tap: string | null;
  readonly peer: string | null;
  readonly group: string | null;
  readonly path: string | null;
  readonly listen: boolean;
}

export interface Forward {
  readonly guest_port: number;
  /** 0 picks a free one. */
  readonly host_port: number;
  readonly host_address: string;
  readonly protocol: "tcp" | "udp";
}

export type ShareKind = "9p" | "virtiofs" | "sshfs" | "nfs" | "smb";

export interface Share {
  readonly path: string;
  readonly kind: ShareKind | null;
  readonly mount: string | null;
  readonly read_only: boolean;
  readonly options: readonly string[];
  readonly ownership: "squash" | "map";
}

export interface Graphics {
  readonly kind: "none" | "vnc" | "spice";
  readonly listen: string | null;
  readonly port: number | null;
  readonly password: string | null;
  /** Nobody is let in without a password, whether or not there is one at hand. */
  readonly locked?: boolean;
}

export interface Ssh {
  readonly user: string | null;
  readonly port: number;
  readonly private_key: CallerPath | null;
  readonly network: string | null;
}

export interface ProvisionStep {
  readonly name: string;
  readonly inline: readonly string[];
  readonly file: CallerPath | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly secret_environment: Readonly<Record<string, string>> | null;
  readonly via: "auto" | "ssh" | "agent";
  readonly user: string | null;
  readonly when: "create" | "always";
  /** Seconds. */
  readonly timeout: number;
}

export interface WaitFor {
  readonly condition: "agent" | "ssh" | "cloud_init" | "port" | "console" | "none";
  /** Seconds. */
  readonly timeout: number;
  readonly port: number | null;
  readonly text: string | null;
}

/** Seconds. */
export interface Timeouts {
  readonly start: number;
  readonly stop: number;
  readonly quit: number;
}

const TIMEOUTS: Timeouts = { start: 60, stop: 60, quit: 10 };

/** The engine has validated it against the contract: what is there has the type that is declared. */
export function asMachine(input: ValueObject): Machine {
  return input as unknown as Machine;
}

export function timeoutsOf(machine: Machine): Timeouts {
  return { ...TIMEOUTS, ...machine.timeouts };
}

/** The networks as declared, or the one that a silent user gets. */
export function networksOf(machine: Machine): Readonly<Record<string, Network>> {
  return machine.networks ?? { default: DEFAULT_NETWORK };
}

const DEFAULT_NETWORK: Network = {
  kind: "user",
  model: "virtio-net-pci",
  mac: null,
  addresses: [],
  forwards: { ssh: { guest_port: 22, host_port: 0, host_address: "127.0.0.1", protocol: "tcp" } },
  isolated: false,
  bridge: null,
  tap: null,
  peer: null,
  group: null,
  path: null,
  listen: false,
};
