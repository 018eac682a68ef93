/**
 * Where RAID 4, 5 and 6 put data and parity. Sources: md(4), and the layouts' names in mdadm(8) and lvmraid(7).
 */

import type { ByteSource } from "../source/source.ts";

export interface ParityLayout {
  /** Where P stands in stripe 0 and how it goes on: to lower disks, to higher ones, or not at all. */
  readonly p: "left" | "right" | "first" | "last";
  /** Where Q stands; null where there is none. `end` is the last disk of all, which P then never comes to. */
  readonly q: "next" | "previous" | "end" | null;
  /** Data goes on behind the parity and around, instead of in the order of the disks. */
  readonly isCyclic: boolean;
  /** Stripe 0 is laid out as stripe `shift` would be. */
  readonly shift?: number;
  /** Q counts disks by their places (DDF's way), parity among them; else data alone, from behind Q on. */
  readonly byPlace?: true;
}

const five = (p: ParityLayout["p"], isCyclic = false): ParityLayout => ({ p, q: null, isCyclic });
const six = (p: ParityLayout["p"], q: ParityLayout["q"], isCyclic = false): ParityLayout => ({ p, q, isCyclic });

/** By the names of lvmraid(7). RAID 4 has its parity on the first disk there, and on the last one in md. */
export const PARITY_LAYOUTS = {
  raid5_la: five("left"),
  raid5_ra: five("right"),
  raid5_ls: five("left", true),
  raid5_rs: five("right", true),
  raid5_0: five("first"),
  raid5_n: five("last"),
  raid6_la: six("left", "next"),
  raid6_ra: six("right", "next"),
  raid6_ls: six("left", "next", true),
  raid6_rs: six("right", "next", true),
  raid6_0: six("first", "next"),
  raid6_n_6: six("last", "end"),
  raid6_zr: { ...six("right", "next"), byPlace: true },
  raid6_nr: { ...six("left", "next"), shift: 1, byPlace: true },
  raid6_nc: { ...six("left", "previous", true), byPlace: true },
  raid6_la_6: six("left", "end"),
  raid6_ra_6: six("right", "end"),
  raid6_ls_6: six("left", "end", true),
  raid6_rs_6: six("right", "end", true),
  raid6_0_6: six("first", "end"),
} as const satisfies Readonly<Record<string, ParityLayout>>;
export type ParityLayoutName = keyof typeof PARITY_LAYOUTS;

/** Disks that hold parity in one stripe; `q` is -1 where there is none. */
export interface ParityPlaces {
  readonly p: number;
  readonly q: number;
}

export function parityPlaces(layout: ParityLayout, disks: number, stripe: number): ParityPlaces {
  const ring = ringOf(layout, disks);
  const turn = (stripe + (layout.shift ?? 0)) % ring;
  const p = { left: ring - 1 - turn, right: turn, first: 0, last: ring - 1 }[layout.p];
  const q = { next: (p + 1) % disks, previous: (p + disks - 1) % disks, end: disks - 1, none: -1 }[layout.q ?? "none"];
  return { p, q };
}

/** Disks that P and data go around. */
function ringOf({ q }: ParityLayout, disks: number): number {
  return q === "end" ? disks - 1 : disks;
}

/** The disk of a stripe's data chunk `index`. */
export function dataPlace(layout: ParityLayout, disks: number, { p, q }: ParityPlaces, index: number): number {
  if (layout.isCyclic) return (p + (layout.q === "next" ? 2 : 1) + index) % ringOf(layout, disks);
  const [low, high] = q < 0 || p < q ? [p, q] : [q, p];
  const first = index >= low ? index + 1 : index;
  return q >= 0 && first >= high ? first + 1 : first;
}

/** The power of the generator that a disk's data has in Q. */
export function powerInQ(layout: ParityLayout, disks: number, { p, q }: ParityPlaces, disk: number): number {
  if (layout.byPlace) return disk;
  const steps = (disk - (q + 1) + disks) % disks;
  const toP = (p - (q + 1) + disks) % disks;
  return steps > toP ? steps - 1 : steps;
}

/** RAID 4, 5 or 6; null stands for a disk that is missing. */
export interface ParityRaid {
  readonly name: string;
  readonly members: readonly (ByteSource | null)[];
  readonly layout: ParityLayout;
  /** Bytes. */
  readonly chunk: number;
  /** Bytes of each member that are used, a multiple of `chunk`. */
  readonly memberSize: number;
  /** Parity is in step with the data: it may stand in for what a member cannot give. */
  readonly isInStep: boolean;
}
