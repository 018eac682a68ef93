import type { Binary } from "../archive/index.ts";

/** What is compared, in the order in which it is told. */
export const GROUPS = [
  "system",
  "packages",
  "users",
  "groups",
  "services",
  "kernels",
  "network",
  "filesystems",
  "files",
] as const;
export type Group = (typeof GROUPS)[number];

/** A value as it is in the one image and in the other; null where it is missing there. */
export type Pair = readonly [before: unknown, after: unknown];

/** One thing that differs, or that could not be compared. */
export interface Change {
  readonly group: Group;
  /** `unread`: it could not be read in one of them or in both, and is neither equal nor different. */
  readonly change: "added" | "removed" | "modified" | "renamed" | "unread";
  /** The system that it is in, by its place among those of its image; null for what belongs to none. */
  readonly system: number | null;
  /** A package's name, a path (raw), a field. */
  readonly name: Binary;
  /** Of a file with another name: the one that it had. */
  readonly from: Binary | null;
  /** What of it differs, each before and after; of what is unread `error`: why, null where it could be read. */
  readonly fields: Readonly<Record<string, Pair>>;
}

/** How far two images are known to be the same. */
export interface Tally {
  /** Changes, but for those that are `unread`. */
  readonly different: number;
  readonly unread: number;
}

/** Counts changes as they are told. */
export function tallying() {
  const tally = { different: 0, unread: 0 };
  const add = ({ change }: Change): void => void tally[change === "unread" ? "unread" : "different"]++;
  return { tally: tally as Tally, add };
}
