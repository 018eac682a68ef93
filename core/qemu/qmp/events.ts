import type { JobStatus } from "./commands/job.ts";

type ShutdownCause =
  | "none"
  | "host-error"
  | "host-qmp-quit"
  | "host-qmp-system-reset"
  | "host-signal"
  | "host-ui"
  | "guest-shutdown"
  | "guest-reset"
  | "guest-panic"
  | "subsystem-reset"
  | "snapshot-load";

type NoData = Readonly<Record<string, never>>;

/** The data of the events that guestkit looks at (QEMU QMP Reference Manual). QEMU sends others as well. */
export interface QmpEvents {
  STOP: NoData;
  RESUME: NoData;
  POWERDOWN: NoData;
  SUSPEND: NoData;
  WAKEUP: NoData;
  SHUTDOWN: { readonly guest: boolean; readonly reason: ShutdownCause };
  RESET: { readonly guest: boolean; readonly reason: ShutdownCause };
  GUEST_PANICKED: { readonly action: "pause" | "poweroff" | "run"; readonly info?: unknown };
  WATCHDOG: { readonly action: string };
  /** `device` is missing where the device had no id. */
  DEVICE_DELETED: { readonly device?: string; readonly path: string };
  DEVICE_UNPLUG_GUEST_ERROR: { readonly device?: string; readonly path: string };
  DEVICE_TRAY_MOVED: { readonly device: string; readonly id: string; readonly "tray-open": boolean };
  JOB_STATUS_CHANGE: { readonly id: string; readonly status: JobStatus };
  /** The guest opened or closed a virtio-serial port: the agent has come or gone. */
  VSERPORT_CHANGE: { readonly id: string; readonly open: boolean };
  /** Bytes. */
  BALLOON_CHANGE: { readonly actual: number };
  BLOCK_IO_ERROR: {
    readonly device: string;
    readonly "node-name"?: string;
    readonly operation: "read" | "write";
    readonly action: "ignore" | "report" | "stop";
    readonly nospace?: boolean;
    readonly reason: string;
  };
  MIGRATION: { readonly status: string };
}
export type QmpEventName = keyof QmpEvents;

export interface QmpEventOf<E extends QmpEventName> {
  readonly name: E;
  readonly data: QmpEvents[E];
  /** Seconds since 1970 by the host's clock. */
  readonly time: number;
}

/** One event; `name` tells which data it has. */
export type QmpEvent = { [E in QmpEventName]: QmpEventOf<E> }[QmpEventName];
