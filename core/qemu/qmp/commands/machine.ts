import type { Command, NoAnswer, NoArguments } from "./command.ts";

/** What a machine does as a whole. `shutdown`: the guest has powered off and QEMU stays (`-no-shutdown`). */
export type RunState =
  | "debug"
  | "inmigrate"
  | "internal-error"
  | "io-error"
  | "paused"
  | "postmigrate"
  | "prelaunch"
  | "finish-migrate"
  | "restore-vm"
  | "running"
  | "save-vm"
  | "shutdown"
  | "suspended"
  | "watchdog"
  | "guest-panicked"
  | "colo";

export interface MachineStatus {
  readonly running: boolean;
  readonly status: RunState;
}

export interface QemuVersion {
  readonly qemu: { readonly major: number; readonly minor: number; readonly micro: number };
  readonly package: string;
}

export interface MachineType {
  readonly name: string;
  readonly alias?: string;
  readonly "is-default"?: boolean;
  readonly "cpu-max": number;
  readonly deprecated: boolean;
  readonly "default-cpu-type"?: string;
}

export interface MigrationInfo {
  readonly status?: "none" | "setup" | "cancelling" | "cancelled" | "active" | "completed" | "failed" | "pre-switch";
  readonly ram?: { readonly transferred: number; readonly remaining: number; readonly total: number };
  readonly "error-desc"?: string;
  readonly "blocked-reasons"?: readonly string[];
}

/** The machine as a whole: its state, processors, memory, power, and moving it. */
export interface MachineCommands {
  "query-status": Command<NoArguments, MachineStatus>;
  "query-version": Command<NoArguments, QemuVersion>;
  "query-name": Command<NoArguments, { readonly name?: string }>;
  "query-uuid": Command<NoArguments, { readonly UUID: string }>;
  "query-machines": Command<NoArguments, readonly MachineType[]>;
  "query-kvm": Command<NoArguments, { readonly enabled: boolean; readonly present: boolean }>;
  "query-commands": Command<NoArguments, readonly { readonly name: string }[]>;
  /** Bytes. */
  "query-memory-size-summary": Command<
    NoArguments,
    { readonly "base-memory": number; readonly "plugged-memory"?: number }
  >;
  "query-cpus-fast": Command<
    NoArguments,
    readonly { readonly "cpu-index": number; readonly "thread-id": number; readonly "qom-path": string }[]
  >;
  /** Bytes that the guest has now. Fails with `DeviceNotActive` without a balloon. */
  "query-balloon": Command<NoArguments, { readonly actual: number }>;
  /** Bytes that the guest shall have; `BALLOON_CHANGE` tells when it has given them. */
  balloon: Command<{ readonly value: number }, NoAnswer>;
  stop: Command<NoArguments, NoAnswer>;
  cont: Command<NoArguments, NoAnswer>;
  quit: Command<NoArguments, NoAnswer>;
  system_powerdown: Command<NoArguments, NoAnswer>;
  system_reset: Command<NoArguments, NoAnswer>;
  system_wakeup: Command<NoArguments, NoAnswer>;
  "query-migrate": Command<NoArguments, MigrationInfo>;
  migrate: Command<{ readonly uri: string; readonly detach?: boolean; readonly resume?: boolean }, NoAnswer>;
  migrate_cancel: Command<NoArguments, NoAnswer>;
  "migrate-incoming": Command<{ readonly uri: string }, NoAnswer>;
  /** One line of the human monitor (`hostfwd_add`, `hostfwd_remove`, `info usernet`): its text, errors among it. */
  "human-monitor-command": Command<{ readonly "command-line": string }, string>;
  "qom-get": Command<{ readonly path: string; readonly property: string }, unknown>;
  "qom-set": Command<{ readonly path: string; readonly property: string; readonly value: unknown }, NoAnswer>;
  "qom-list": Command<{ readonly path: string }, readonly { readonly name: string; readonly type: string }[]>;
}
