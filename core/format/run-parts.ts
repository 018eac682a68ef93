import type { ByteSource } from "../source/source.ts";
import type { Faults } from "./fault.ts";
import type { Run, RunMap } from "./run.ts";

/** How a format's compressed units are made plain. */
export interface Packed {
  /** Guest bytes of one unit; each starts at a multiple of them. */
  readonly unit: number;
  /** Exactly `unit` bytes out of `run.stored` that stand at `run.host`; `offset` is the unit's in the guest's disk. */
  readonly inflate: (packed: Uint8Array, run: Run, offset: number) => Promise<Uint8Array>;
}

export interface RunParts {
  /** What errors call the image. */
  readonly name: string;
  /** Guest bytes. */
  readonly size: number;
  readonly map: RunMap;
  /** What the runs' `host` counts in. */
  readonly data: ByteSource;
  /** Of any length: zeros follow it. */
  readonly parent: ByteSource | null;
  readonly faults: Faults;
  /** A last look at a run of data before it is read. */
  readonly check?: (run: Run, offset: number) => void;
  readonly packed?: Packed;
}

/** A run and where its bytes go in what is read. */
export interface Placed {
  readonly run: Run;
  readonly at: number;
}
