import type { ByteSource } from "../source/source.ts";
import { withFallback } from "./fallback.ts";
import { mappedSource, type Piece } from "./mapped.ts";

/** RAID 10; null stands for a disk that is missing. Source: md(4), "RAID10". */
export interface Raid10 {
  readonly name: string;
  readonly members: readonly (ByteSource | null)[];
  /** Bytes. */
  readonly chunk: number;
  /** Bytes of each member that there are. */
  readonly memberSize: number;
  /** Copies on neighbouring disks, and copies that lie further on. */
  readonly near: number;
  readonly far: number;
  /** Further copies follow each stripe at once, instead of all stripes. */
  readonly isOffset: boolean;
  /** Disks among which further copies go round: all of them, or fewer. */
  readonly farSet: number;
}

interface Copy {
  readonly disk: number;
  /** Bytes. */
  readonly start: number;
}

/** Bytes that it holds. */
export function raid10Size({ members, chunk, memberSize, near, far }: Raid10): number {
  return Math.floor((Math.floor(Math.floor(memberSize / chunk) / far) * members.length) / near) * chunk;
}

/** Copies of a chunk that are asked one after the other. */
const MOST_TRIED = 4;

/**
 * Of each chunk one copy must be there: the first one is read, and what that cannot give from the next, chunk by chunk.
 * `refuse` makes the error where there is none.
 */
export function raid10Source(raid: Raid10, refuse: (offset: number) => Error): ByteSource {
  const { name, chunk, near, far } = raid;
  const tried = Array.from({ length: Math.min(near * far, MOST_TRIED) }, (_, rank) => copySource(raid, rank, refuse));
  const source = withFallback(tried[0] as ByteSource, tried.slice(1));
  return mappedSource(name, source.size, (offset, length) => ({
    ...{ source, start: offset, length: Math.min(length, chunk - (offset % chunk)) },
  }));
}

/** The array by those copies of its chunks that come so late among those that are there; the last where there are fewer. */
function copySource(raid: Raid10, rank: number, refuse: (offset: number) => Error): ByteSource {
  const { name, members, chunk } = raid;
  return mappedSource(name, raid10Size(raid), (offset, length): Piece => {
    const within = offset % chunk;
    const copies = copiesOf(raid, (offset - within) / chunk).filter(({ disk }) => members[disk]);
    const copy = copies[rank] ?? copies.at(-1);
    const source = copy && members[copy.disk];
    if (!source) throw refuse(offset);
    return { source, start: copy.start + within, length: Math.min(length, chunk - within) };
  });
}

/** Whether every chunk has a copy that is there; chunks repeat their places after as many as there are disks. */
export function isReadable(raid: Raid10): boolean {
  const turn = Array.from({ length: raid.members.length }, (_, index) => index);
  return turn.every((index) => copiesOf(raid, index).some(({ disk }) => raid.members[disk]));
}

function copiesOf(raid: Raid10, index: number): readonly Copy[] {
  const { members, chunk, near, far, isOffset } = raid;
  const first = (index * near) % members.length;
  const row = (index * near - first) / members.length;
  const start = row * (isOffset ? far : 1) * chunk;
  const copies: Copy[] = [];
  for (let copy = 0; copy < near; copy++) {
    const place = first + copy;
    const around = place >= members.length;
    let disk = place % members.length;
    for (let further = 0; further < far; further++) {
      copies.push({ disk, start: start + (around ? chunk : 0) + further * strideOf(raid) });
      disk = nextDisk(raid, disk);
    }
  }
  return copies;
}

function strideOf({ members, chunk, memberSize, near, far, isOffset }: Raid10): number {
  if (isOffset) return chunk;
  const chunks = Math.floor((Math.floor(Math.floor(memberSize / chunk) / far) * members.length) / near);
  return Math.floor(Math.ceil((chunks * near * far) / members.length) / far) * chunk;
}

/** The last set takes the disks that are over. */
function nextDisk({ members, near, farSet }: Raid10, disk: number): number {
  const over = members.length % farSet;
  const last = (Math.floor(members.length / farSet) - 1) * farSet;
  const next = disk + near;
  if (over > 0 && next > last) return last + ((next - last) % (farSet + over));
  const set = Math.floor(disk / farSet);
  return farSet * set + (next % farSet);
}
