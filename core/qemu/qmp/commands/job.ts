import type { BlockdevOptions } from "./block.ts";
import type { Command, NoAnswer, NoArguments } from "./command.ts";

export type JobStatus =
  | "undefined"
  | "created"
  | "running"
  | "paused"
  | "ready"
  | "standby"
  | "waiting"
  | "pending"
  | "aborting"
  | "concluded"
  | "null";

export interface JobInfo {
  readonly id: string;
  readonly type: string;
  readonly status: JobStatus;
  readonly "current-progress": number;
  readonly "total-progress": number;
  /** Only a job that failed has it. */
  readonly error?: string;
}

interface JobArguments {
  readonly "job-id": string;
}

interface SnapshotArguments extends JobArguments {
  readonly tag: string;
  /** Node names of the disks that the snapshot spans. */
  readonly devices: readonly string[];
}

interface BlockJobArguments extends JobArguments {
  readonly "auto-dismiss"?: boolean;
  readonly "auto-finalize"?: boolean;
  /** Bytes a second. */
  readonly speed?: number;
}

type MirrorSync = "top" | "full" | "none";

/** Commands that start a job: what they answer says only that it has begun. */
export interface JobStartCommands {
  /** `vmstate`: the node that takes the machine's memory, one of `devices`. */
  "snapshot-save": Command<SnapshotArguments & { readonly vmstate: string }, NoAnswer>;
  "snapshot-load": Command<SnapshotArguments & { readonly vmstate: string }, NoAnswer>;
  "snapshot-delete": Command<SnapshotArguments, NoAnswer>;
  "blockdev-create": Command<JobArguments & { readonly options: BlockdevOptions }, NoAnswer>;
  "blockdev-backup": Command<
    BlockJobArguments & { readonly device: string; readonly target: string; readonly sync: MirrorSync },
    NoAnswer
  >;
  "blockdev-mirror": Command<
    BlockJobArguments & { readonly device: string; readonly target: string; readonly sync: MirrorSync },
    NoAnswer
  >;
  "block-stream": Command<BlockJobArguments & { readonly device: string; readonly "base-node"?: string }, NoAnswer>;
  "block-commit": Command<
    BlockJobArguments & { readonly device: string; readonly "top-node"?: string; readonly "base-node"?: string },
    NoAnswer
  >;
}

/** Jobs: what was started, how far it is, and its end. */
export interface JobCommands extends JobStartCommands {
  "query-jobs": Command<NoArguments, readonly JobInfo[]>;
  "job-dismiss": Command<{ readonly id: string }, NoAnswer>;
  "job-cancel": Command<{ readonly id: string }, NoAnswer>;
  "job-complete": Command<{ readonly id: string }, NoAnswer>;
  "job-finalize": Command<{ readonly id: string }, NoAnswer>;
}
