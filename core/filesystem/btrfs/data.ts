import { GuestkitError } from "../../kit/errors.ts";
import { type Eventual, whenHere } from "../../kit/eventual.ts";
import type { FileExtent } from "./extent.ts";
import type { SumRun, Sums } from "./sums.ts";
import { unpack } from "./unpack.ts";
import type { Volume } from "./volume.ts";

/** Bytes below which a read that cuts sectors is copied as a whole: to ask for these apart takes longer. */
const SHORT = 32 << 10;

/** Reads what files hold, and checks it sector by sector; the good copy is taken where one is damaged. */
export class DataReader {
  readonly volume: Volume;
  readonly #sums: Sums;
  #room: Uint8Array | undefined;

  constructor(volume: Volume, sums: Sums) {
    this.volume = volume;
    this.#sums = sums;
  }

  /** Throws `E_BTRFS_CHECKSUM` where no copy is right, `E_BTRFS_DEVICE` where no device that holds one is there. */
  async read(address: number, length: number, unsummed: boolean, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    await this.readInto(address, bytes, unsummed, signal);
    return bytes;
  }

  /** The same into `target`, all of it. Whole sectors are read to their place; of one that is cut, the whole is checked. */
  readInto(address: number, target: Uint8Array, unsummed: boolean, signal?: AbortSignal): void | Promise<void> {
    const { sectorsize } = this.volume.sb.raw;
    const end = address + target.length;
    const first = Math.ceil(address / sectorsize) * sectorsize;
    const last = Math.floor(end / sectorsize) * sectorsize;
    if (first === address && last === end) return this.#fill(address, target, unsummed, signal);
    if (target.length < SHORT) return this.#fillCut(address, target, unsummed, signal);
    const part = (from: number, to: number) => target.subarray(from - address, to - address);
    return whenHere(this.#fillCut(address, part(address, first), unsummed, signal), () =>
      whenHere(this.#fill(first, part(first, last), unsummed, signal), () =>
        this.#fillCut(last, part(last, end), unsummed, signal),
      ),
    );
  }

  /** Less than whole sectors, by way of memory that is used again. */
  #fillCut(address: number, target: Uint8Array, unsummed: boolean, signal?: AbortSignal): void | Promise<void> {
    if (target.length === 0) return;
    const { sectorsize } = this.volume.sb.raw;
    const before = address % sectorsize;
    const length = Math.ceil((before + target.length) / sectorsize) * sectorsize;
    // Nobody else has it meanwhile.
    const room = this.#room ?? new Uint8Array(SHORT + 2 * sectorsize);
    this.#room = undefined;
    return whenHere(this.#fill(address - before, room.subarray(0, length), unsummed, signal), () => {
      target.set(room.subarray(before, before + target.length));
      this.#room = room;
    });
  }

  /** The whole of a packed extent, unpacked. Throws `E_BTRFS_COMPRESSION` as well. */
  async unpack(extent: FileExtent, inode: number, unsummed: boolean, signal?: AbortSignal): Promise<Uint8Array> {
    const { at, compression, start } = extent;
    if (at.kind === "zeros" || compression === "none") throw new RangeError("it is not packed");
    const packed = at.kind === "inline" ? at.bytes : await this.read(at.address, at.length, unsummed, signal);
    const { raw } = this.volume.sb;
    try {
      return await unpack(compression, packed, {
        size: at.plain,
        sectorsize: raw.sectorsize,
        codec: this.volume.codec,
      });
    } catch (cause) {
      if (!(cause instanceof GuestkitError) || cause.code === "E_SOURCE_HOST") throw cause;
      throw this.volume.fault("E_BTRFS_COMPRESSION", {
        thing: `inode ${inode} at ${start}`,
        what: `its ${compression} stream is damaged`,
        address: at.kind === "stored" ? at.address : undefined,
        cause,
      });
    }
  }

  /** Whole sectors into their place, checked. */
  #fill(address: number, target: Uint8Array, unsummed: boolean, signal?: AbortSignal): void | Promise<void> {
    const filling = this.#fillFirst(address, target, signal);
    return unsummed ? filling : whenHere(filling, () => this.#check(address, target, signal));
  }

  /** From the first copy whose device is there. */
  #fillFirst(address: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    try {
      const filling = this.volume.readInto(address, target, 0, signal);
      return filling?.catch((error) => this.#fillNext(error, address, target, signal));
    } catch (error) {
      return this.#fillNext(error, address, target, signal);
    }
  }

  async #fillNext(error: unknown, address: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (!(error instanceof GuestkitError)) throw error;
    for (let way = 1; way < this.volume.ways(address); way++) {
      try {
        return await this.volume.readInto(address, target, way, signal);
      } catch (next) {
        if (!(next instanceof GuestkitError)) throw next;
      }
    }
    throw error;
  }

  /** At once where all is right, and the checksums are in memory and stand together. */
  #check(address: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    const { sectorsize } = this.volume.sb.raw;
    const run = this.#sums.of(address, address + target.length);
    const isAll = !(run instanceof Promise) && run.count * sectorsize >= target.length;
    if (!isAll || this.#firstWrong(run, target, 0) >= 0) return this.#checkRuns(run, address, target, signal);
  }

  /** From `first` on, the checksums at `address`. */
  async #checkRuns(first: Eventual<SumRun>, address: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    let run = await first;
    for (let done = 0; ; run = await this.#sums.of(address + done, address + target.length)) {
      const part = target.subarray(done, done + run.count * this.volume.sb.raw.sectorsize);
      await this.#mendAll(run, address + done, part, signal);
      done += part.length;
      if (done === target.length) return;
    }
  }

  async #mendAll(run: SumRun, address: number, part: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { checksum, raw } = this.volume.sb;
    for (let at = this.#firstWrong(run, part, 0); at >= 0; at = this.#firstWrong(run, part, at + 1)) {
      const from = at * raw.sectorsize;
      part.set(await this.#mend(address + from, run.view, run.at + at * checksum.size, signal), from);
    }
  }

  /** The first sector from `start` on that is not what its checksum says; -1 where there is none. */
  #firstWrong({ count, view, at }: SumRun, target: Uint8Array, start: number): number {
    const { checksum, raw } = this.volume.sb;
    for (let sector = start; sector < count; sector++) {
      const from = sector * raw.sectorsize;
      if (!checksum.matches(target, from, from + raw.sectorsize, view, at + sector * checksum.size)) return sector;
    }
    return -1;
  }

  /** The sector at `address` from a copy whose checksum is right. */
  async #mend(address: number, view: DataView, at: number, signal?: AbortSignal): Promise<Uint8Array> {
    const { checksum, raw } = this.volume.sb;
    const what = `its ${checksum.name} checksum is not that of its content`;
    for (let way = 0; way < this.volume.ways(address); way++) {
      try {
        const bytes = await this.volume.read(address, raw.sectorsize, way, signal);
        if (!checksum.matches(bytes, 0, raw.sectorsize, view, at)) continue;
        this.volume.notes.mended(`data at ${address}`, what);
        return bytes;
      } catch (error) {
        if (!(error instanceof GuestkitError)) throw error;
      }
    }
    throw this.volume.fault("E_BTRFS_CHECKSUM", { thing: `data at address ${address}`, what, address });
  }
}
