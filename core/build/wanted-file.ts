import type { TreeNode } from "../filesystem/tree.ts";

/** A file that an image is to have. */
export interface WantedFile {
  /** Absolute path inside the image. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** 0o0000..0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A file and its place: the directory that is there, and what is to be made below it. */
export interface PlacedFile extends WantedFile {
  /** A host file with the bytes. */
  readonly staged: string;
  readonly parent: TreeNode;
  /** The directory's path from the root of what is mounted there, by names that are no links. */
  readonly folder: readonly Uint8Array[];
  /** Directories to make, outermost first. */
  readonly missing: readonly string[];
  readonly name: string;
  /** What stands there now. */
  readonly existing: TreeNode | null;
}
