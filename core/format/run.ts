/**
 * What a stretch of the guest's disk is made of: `data` at `host` in the file, `compressed` (one unit, at most `stored`
 * bytes at `host`), `zero`, or `parent` (the parent's bytes, zeros where there is none or behind its end).
 */
export interface Run {
  readonly kind: "data" | "zero" | "parent" | "compressed";
  /** Guest bytes. */
  readonly length: number;
  /** Bytes into the file, of the run's first byte; of a compressed unit's start. 0 where nothing is stored. */
  readonly host: number;
  /** Bytes that a compressed unit takes in the file, at most; else 0. */
  readonly stored: number;
}

export const dataRun = (host: number, length: number): Run => ({ kind: "data", length, host, stored: 0 });
export const zeroRun = (length: number): Run => ({ kind: "zero", length, host: 0, stored: 0 });
export const parentRun = (length: number): Run => ({ kind: "parent", length, host: 0, stored: 0 });

/** Where the guest's bytes are, as a format's tables say. */
export interface RunMap {
  /**
   * The run from `offset` on, up to where this piece of the map ends. It may be longer than `length`, which only says how
   * far it is worth looking.
   */
  piece(offset: number, length: number, signal?: AbortSignal): Run | Promise<Run>;
}

/** Whether `next` goes on where `run` ends: data where it is adjacent in the file, compressed units never. */
export const continues = (run: Run, next: Run): boolean =>
  next.kind === run.kind && run.kind !== "compressed" && (run.kind !== "data" || next.host === run.host + run.length);

/** The run without its first `bytes`; a compressed unit stays where it is. */
export const withoutHead = (run: Run, bytes: number): Run =>
  bytes === 0 ? run : { ...run, length: run.length - bytes, host: run.kind === "data" ? run.host + bytes : run.host };
