/**
 * What the host asks of the caller about files, on behalf of a request: `file.stat`, `file.open`, `file.read`, `file.close`,
 * each with the `path` as the caller calls it.
 */

/** As what a file is handed over: its bytes, or a folder as an archive. */
export type As = "file" | "tar";

/** Why the caller cannot read a file: the system's own code where there is one. */
export interface Fault {
  readonly code: string | null;
  readonly why: string;
}

export interface StatAnswer {
  /** Null where there is nothing. */
  readonly kind: "file" | "directory" | "other" | null;
  readonly stamp: string;
  readonly fault: Fault | null;
}

export interface OpenAnswer {
  /** Bytes, as they were when it was opened. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly fault: Fault | null;
}

/** Bytes of a piece; its text in base64 is a third longer. */
export const PIECE = 1 << 20;
/** Most files of one request that are open at once. */
export const MOST_OPEN = 16;
/** Most looks of one request that are on their way at once. */
export const MOST_LOOKS = 32;
