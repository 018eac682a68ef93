/** Blocks of a file that lie together. */
export interface Run {
  /** First block in the file. */
  readonly start: number;
  /** Blocks. */
  readonly length: number;
  /** First block in the file system; -1 where the file reads as zeros (a hole, an uninitialised extent). */
  readonly block: number;
  /** Nothing is allocated there. */
  readonly hole: boolean;
}

/** Where a file's blocks are. Keeps at most one metadata block a level. */
export interface BlockMap {
  /** The run that holds block `logical`, cut to begin there. Throws on damage, with its place. */
  find(logical: number): Run | Promise<Run>;
  /** Blocks past this one cannot be mapped. */
  readonly limit: number;
}
