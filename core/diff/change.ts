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

/** One thing that differs. */
export interface Change {
  readonly group: Group;
  readonly change: "added" | "removed" | "modified" | "renamed";
  /** The system that it is in, by its place among those of its image; null for what belongs to none. */
  readonly system: number | null;
  /** A package's name, a path (raw), a field. */
  readonly name: Binary;
  /** Of a file with another name: the one that it had. */
  readonly from: Binary | null;
  /** What of it differs, each before and after. */
  readonly fields: Readonly<Record<string, Pair>>;
}
