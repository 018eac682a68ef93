import type { Settings } from "../../kit/context.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import type { ForwardResult } from "../../machine/memory.ts";
import type { Accelerator } from "../../qemu/accelerator/verdict.ts";
import type { BlockLayer } from "../../qemu/block/blockdev.ts";
import type { FirmwareFiles } from "../../qemu/firmware.ts";

/** What the arguments depend on beside the declaration, found out beforehand: the builders do no I/O. */
export interface Facts {
  readonly accelerator: Accelerator;
  /** With its version: `pc-q35-7.2`. */
  readonly machineType: string;
  /** Null where the machine starts by BIOS. */
  readonly firmware: FirmwareFiles | null;
  /** The chain of each disk, by key, the file that is written to first. */
  readonly disks: Readonly<Record<string, readonly BlockLayer[]>>;
  readonly cdroms: Readonly<Record<string, BlockLayer | null>>;
  readonly forwards: readonly ForwardResult[];
  /** TCP port of the screen; null where it is a Unix socket or none. */
  readonly screenPort: number | null;
  /** File with the screen's password; null without one. */
  readonly screenPassword: string | null;
}

/** What every builder is handed. */
export interface Subject {
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly settings: Settings;
  readonly facts: Facts;
}
