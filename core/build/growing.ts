import type { Extent } from "../volume/index.ts";

/** A partition that may grow. */
export interface Candidate extends Extent {
  /** GPT type GUID or MBR type, as `Volume.type`. */
  readonly type: string;
  /** What it holds, by libblkid's name; null where that is not known. */
  readonly content: string | null;
  /** A system's root file system. */
  readonly isRoot: boolean;
}

/** The partition that takes a disk's new room. */
export interface Choice {
  /** Null where none does. */
  readonly number: number | null;
  /** Who stays and why, in words. */
  readonly stays: readonly string[];
}

/**
 * Partitions that have the size that they need: more would be of use to nobody, and would bar from it whoever could use
 * it. GPT types by the UEFI and Discoverable Partitions Specifications, MBR types by Linux's fdisk.
 */
const FIXED: Readonly<Record<string, string>> = {
  "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": "swap",
  "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": "EFI system partition",
  "bc13c2ff-59e6-4262-a352-b275fd6f7172": "boot loader partition",
  "21686148-6449-6e6f-744e-656564454649": "BIOS boot partition",
  "9e1a2d38-c612-4316-aa26-8b49521e5a8b": "PReP boot partition",
  "e3c9e316-0b5c-4db8-817d-f92df00215ae": "Microsoft reserved partition",
  "de94bba4-06d1-4d40-a16a-bfd50179d6ac": "Windows recovery partition",
  "0x27": "Windows recovery partition",
  "0x41": "PReP boot partition",
  "0x82": "swap",
  "0xea": "boot loader partition",
  "0xef": "EFI system partition",
};
const FIXED_CONTENT: Readonly<Record<string, string>> = { swap: "swap", swsuspend: "a sleeping system's memory" };

/** What leaves no more than a table's tail and an alignment free reaches the end. */
const TAIL = 2 * 2 ** 20;

/**
 * The last partition of a disk grows where it reaches the end (bytes) of what the table was written for, and where it
 * has a use for room.
 */
export function chooseGrowing(partitions: readonly Candidate[], end: number): Choice {
  const sorted = partitions.toSorted((a, b) => endOf(a) - endOf(b));
  const last = sorted.at(-1);
  if (!last) return { number: null, stays: [] };
  const overlap = overlapping(partitions);
  if (overlap) return { number: null, stays: [`no partition grows: ${overlap}`] };
  if (fixedAs(last) !== null) return { number: null, stays: [barred(sorted)] };
  if (end - endOf(last) > TAIL) return { number: null, stays: [notAtEnd(last, end)] };
  return { number: last.number, stays: [] };
}

const endOf = ({ start, size }: Extent) => start + size;

function fixedAs({ type, content }: Candidate): string | null {
  return FIXED_CONTENT[content ?? ""] ?? FIXED[type] ?? null;
}

function overlapping(partitions: readonly Extent[]): string | null {
  const sorted = partitions.toSorted((a, b) => a.start - b.start);
  let [reach, number] = [0, 0];
  for (const each of sorted) {
    if (each.start < reach) return `partitions ${number} and ${each.number} overlap`;
    [reach, number] = [endOf(each), each.number];
  }
  return null;
}

function notAtEnd(last: Candidate, end: number): string {
  return `no partition grows: the last one, ${named(last)}, ends ${end - endOf(last)} bytes before the end of the disk`;
}

/** The nearest partition that has a use for room, and who stands behind it. */
function barred(sorted: readonly Candidate[]): string {
  const at = sorted.findLastIndex((each) => fixedAs(each) === null);
  const wishes = sorted[at];
  const behind = sorted.slice(at + 1).map((each) => `partition ${each.number} (${fixedAs(each)})`);
  const stay = `${behind.join(" and ")} ${behind.length > 1 ? "stay as large as they are" : "stays as large as it is"}`;
  if (!wishes) return `no partition grows: ${stay}`;
  return `${named(wishes)} cannot grow: it is not the last partition, and ${stay}`;
}

function named({ number, content, isRoot }: Candidate): string {
  const told = [content, isRoot ? "root" : null].filter((each) => each !== null).join(", ");
  return `partition ${number}${told ? ` (${told})` : ""}`;
}
