import type { BlockCommands } from "./block.ts";
import type { DeviceCommands } from "./device.ts";
import type { JobCommands } from "./job.ts";
import type { MachineCommands } from "./machine.ts";

export type { BlockdevOptions, BlockInfo, BlockNodeInfo, BlockStats, ImageInfo, SnapshotInfo } from "./block.ts";
export type { Chardev, SpiceInfo, VncInfo } from "./device.ts";
export type { JobInfo, JobStartCommands, JobStatus } from "./job.ts";
export type { MachineStatus, MachineType, MigrationInfo, QemuVersion, RunState } from "./machine.ts";

/** Every QMP command that guestkit gives, with the types of its arguments and answer. */
export interface QmpCommands extends MachineCommands, BlockCommands, DeviceCommands, JobCommands {}
export type QmpCommand = keyof QmpCommands;
export type QmpArguments<C extends QmpCommand> = QmpCommands[C]["arguments"];
export type QmpAnswer<C extends QmpCommand> = QmpCommands[C]["answer"];
