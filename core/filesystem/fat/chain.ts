import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { FatVolume } from "./volume.ts";

/** Clusters that follow one another on the disk. */
export interface Run {
  /** First cluster, from 2. */
  readonly start: number;
  readonly count: number;
}

const END = -1;

/** Follows cluster chains through the allocation table. */
export class ChainReader {
  readonly volume: FatVolume;
  readonly #source: ByteSource;

  constructor(source: ByteSource, volume: FatVolume) {
    this.#source = source;
    this.volume = volume;
  }

  /** Byte offset of a cluster. */
  offsetOf(cluster: number): number {
    return this.volume.dataStart + (cluster - 2) * this.volume.clusterSize;
  }

  /**
   * The clusters from `first` to the chain's end, at most `limit` of them when given (then the chain must have them).
   * Throws `E_FAT_CHAIN_*` for a chain that leaves the volume, runs into free or bad clusters, ends early or loops.
   */
  async runs(first: number, limit?: number): Promise<readonly Run[]> {
    const runs: { start: number; count: number }[] = [];
    let cluster = this.#checked(first, first, 0);
    for (let total = 0; cluster !== END; total++) {
      if (total === limit) {
        await this.#assertEnds(first, cluster, total);
        return runs;
      }
      if (total >= this.volume.clusters) throw this.#fault("LOOP", first, cluster, "it loops");
      const last = runs.at(-1);
      if (last && last.start + last.count === cluster) last.count++;
      else runs.push({ start: cluster, count: 1 });
      cluster = await this.#next(first, cluster);
    }
    const total = runs.reduce((sum, run) => sum + run.count, 0);
    if (limit !== undefined && total < limit) {
      throw this.#fault("SHORT", first, first, `it ends after ${total} of ${limit} clusters`);
    }
    return runs;
  }

  /** Clusters past a file's size are harmless, unless they lead back: then what was read is a loop's. */
  async #assertEnds(first: number, from: number, done: number): Promise<void> {
    let cluster = from;
    for (let total = done; cluster !== END; total++) {
      if (total >= this.volume.clusters) throw this.#fault("LOOP", first, cluster, "it loops");
      cluster = await this.#next(first, cluster);
    }
  }

  async #next(first: number, cluster: number): Promise<number> {
    const { at, size } = this.#slot(cluster);
    const raw = this.#source.peek?.(at, size) ?? (await this.#source.read(at, size));
    return this.#checked(this.#decode(raw, cluster), first, cluster);
  }

  #slot(cluster: number): { at: number; size: number } {
    const { bits, fatStart } = this.volume;
    if (bits === 12) return { at: fatStart + cluster + (cluster >> 1), size: 2 };
    return { at: fatStart + cluster * (bits / 8), size: bits / 8 };
  }

  #decode(raw: Uint8Array, cluster: number): number {
    const low = (raw[0] ?? 0) | ((raw[1] ?? 0) << 8);
    if (this.volume.bits === 16) return low;
    if (this.volume.bits === 12) return cluster & 1 ? low >> 4 : low & 0xfff;
    return low | ((raw[2] ?? 0) << 16) | (((raw[3] ?? 0) & 0x0f) << 24);
  }

  #checked(value: number, first: number, from: number): number {
    const { bits, clusters } = this.volume;
    const top = bits === 32 ? 0x0fffffff : (1 << bits) - 1;
    if (value >= top - 7 && from !== 0) return END;
    if (value === top - 8) throw this.#fault("BAD", first, from, "it runs into a bad cluster");
    if (value < 2) throw this.#fault("FREE", first, from, "it runs into a free cluster");
    if (value > clusters + 1)
      throw this.#fault("BOUNDS", first, from, `cluster ${value} is past the last, ${clusters + 1}`);
    return value;
  }

  #fault(kind: string, first: number, cluster: number, what: string): GuestkitError {
    const offset = this.volume.fatStart + Math.floor((cluster * this.volume.bits) / 8);
    return new GuestkitError(`E_FAT_CHAIN_${kind}`, `Cannot follow the cluster chain from ${first}: ${what}`, {
      at: { file: this.#source.name, offset },
      help: "The file system is damaged: fsck.fat on a copy of it may mend it.",
    });
  }
}

/** Free clusters, counted in the table as the kernel does; null where the table is too large to count at once. */
export async function countFree(source: ByteSource, volume: FatVolume, limit = 16 << 20): Promise<number | null> {
  if (volume.fatSize > limit) return null;
  const used = Math.ceil(((volume.clusters + 2) * volume.bits) / 8);
  const raw = await source.read(volume.fatStart, Math.min(used, volume.fatSize));
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return volume.bits === 32 ? countFree32(view, volume.clusters) : countSmall(view, volume.bits, volume.clusters);
}

/** By itself: every verb waits for it where a disk has an EFI system partition. */
function countFree32(view: DataView, clusters: number): number {
  let free = 0;
  for (let at = 8; at < (clusters + 2) * 4; at += 4) {
    if ((view.getUint32(at, true) & 0x0fffffff) === 0) free++;
  }
  return free;
}

function countSmall(view: DataView, bits: 12 | 16, clusters: number): number {
  let free = 0;
  for (let cluster = 2; cluster < clusters + 2; cluster++) if (entryAt(view, bits, cluster) === 0) free++;
  return free;
}

function entryAt(view: DataView, bits: 12 | 16 | 32, cluster: number): number {
  if (bits === 32) return view.getUint32(cluster * 4, true) & 0x0fffffff;
  if (bits === 16) return view.getUint16(cluster * 2, true);
  const pair = view.getUint16(cluster + (cluster >> 1), true);
  return cluster & 1 ? pair >> 4 : pair & 0xfff;
}
