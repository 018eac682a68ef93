import type { ByteSource } from "../../source/source.ts";
import type { MemberLabel } from "../stack.ts";

/** What a superblock says, whichever version it has. Sizes and places are bytes. */
export interface Superblock {
  /** `1.2`, `0.90`. */
  readonly version: string;
  /** Of the array, as libblkid writes it. */
  readonly uuid: string;
  /** `host:name`, or a number; empty where there is none. */
  readonly name: string;
  readonly level: number;
  readonly layout: number;
  readonly chunk: number;
  readonly raidDisks: number;
  /** Of each member that is used; RAID 0 and linear use what there is. */
  readonly size: number;
  readonly dataOffset: number;
  readonly dataSize: number;
  readonly events: bigint;
  /** The number of this member, by which others know its role. */
  readonly number: number;
  /** Roles of the members by number; null for spares and failed ones. */
  readonly roles: readonly (number | null)[];
  /** Parity and copies were in step when it was written. */
  readonly isClean: boolean;
  /** Bytes of this member that are in step, `Infinity` for all. */
  readonly recovered: number;
  /** It takes the place of another member that is still there. */
  readonly isReplacement: boolean;
  /** Where the log of its bad blocks lies; null where there is none. */
  readonly badBlocks: { readonly offset: number; readonly length: number; readonly shift: number } | null;
  /** Why the array cannot be read, in words. */
  readonly refusal: { readonly part: string; readonly what: string } | null;
}

export interface RaidLabel extends MemberLabel {
  readonly superblock: Superblock;
  /** The part of the member that belongs to the array's content. */
  readonly data: ByteSource;
}
