import type { Command, NoAnswer, NoArguments } from "./command.ts";

/** Options of a block node by its driver: `BlockdevOptions`. */
export type BlockdevOptions = Readonly<Record<string, unknown>> & { readonly driver: string };

export interface ImageInfo {
  readonly filename: string;
  readonly format: string;
  /** Bytes. */
  readonly "virtual-size": number;
  /** Bytes. */
  readonly "actual-size"?: number;
  readonly "backing-filename"?: string;
  readonly "full-backing-filename"?: string;
  readonly snapshots?: readonly SnapshotInfo[];
  readonly "backing-image"?: ImageInfo;
}

/** A snapshot within an image, as `snapshot-save` makes them. */
export interface SnapshotInfo {
  readonly id: string;
  readonly name: string;
  /** Bytes; 0 where the machine's memory is not in it. */
  readonly "vm-state-size": number;
  readonly "date-sec": number;
  readonly "date-nsec": number;
  readonly "vm-clock-sec": number;
  readonly "vm-clock-nsec": number;
}

/** A node of the block graph: `BlockDeviceInfo`. */
export interface BlockNodeInfo {
  readonly file: string;
  readonly "node-name"?: string;
  /** Read-only. */
  readonly ro: boolean;
  readonly drv: string;
  readonly backing_file?: string;
  readonly backing_file_depth: number;
  readonly image: ImageInfo;
}

/** A drive as the guest has it: `BlockInfo`. */
export interface BlockInfo {
  readonly device: string;
  /** The `id` of the device, or its path in the object tree. */
  readonly qdev?: string;
  readonly removable: boolean;
  readonly locked: boolean;
  readonly tray_open?: boolean;
  readonly inserted?: BlockNodeInfo;
  readonly "io-status"?: "ok" | "failed" | "nospace";
}

export interface BlockStats {
  readonly device?: string;
  readonly qdev?: string;
  readonly "node-name"?: string;
  readonly stats: {
    readonly rd_bytes: number;
    readonly wr_bytes: number;
    readonly rd_operations: number;
    readonly wr_operations: number;
    readonly wr_highest_offset: number;
  };
}

/** Disks, media and the graph of nodes behind them. */
export interface BlockCommands {
  "query-block": Command<NoArguments, readonly BlockInfo[]>;
  "query-blockstats": Command<{ readonly "query-nodes"?: boolean }, readonly BlockStats[]>;
  "query-named-block-nodes": Command<{ readonly flat?: boolean }, readonly BlockNodeInfo[]>;
  "blockdev-add": Command<BlockdevOptions, NoAnswer>;
  "blockdev-del": Command<{ readonly "node-name": string }, NoAnswer>;
  /** `size` in bytes. */
  block_resize: Command<{ readonly device?: string; readonly "node-name"?: string; readonly size: number }, NoAnswer>;
  "blockdev-open-tray": Command<{ readonly id: string; readonly force?: boolean }, NoAnswer>;
  "blockdev-close-tray": Command<{ readonly id: string }, NoAnswer>;
  "blockdev-remove-medium": Command<{ readonly id: string }, NoAnswer>;
  "blockdev-insert-medium": Command<{ readonly id: string; readonly "node-name": string }, NoAnswer>;
  "blockdev-change-medium": Command<
    {
      readonly id: string;
      readonly filename: string;
      readonly format?: string;
      readonly force?: boolean;
      readonly "read-only-mode"?: "retain" | "read-only" | "read-write";
    },
    NoAnswer
  >;
  /** Ejects; with `force` also what the guest has locked. */
  eject: Command<{ readonly id: string; readonly force?: boolean }, NoAnswer>;
}
