import { GuestkitError } from "../../kit/errors.ts";
import type { FileExtent } from "./extent.ts";
import type { Sums } from "./sums.ts";
import { unpack } from "./unpack.ts";
import type { Volume } from "./volume.ts";

/** Reads what files hold, and checks it sector by sector; the good copy is taken where one is damaged. */
export class DataReader {
  readonly volume: Volume;
  readonly #sums: Sums;

  constructor(volume: Volume, sums: Sums) {
    this.volume = volume;
    this.#sums = sums;
  }

  /** Throws `E_BTRFS_CHECKSUM` where no copy is right, `E_BTRFS_DEVICE` where no device that holds one is there. */
  async read(address: number, length: number, unsummed: boolean, signal?: AbortSignal): Promise<Uint8Array> {
    const { sectorsize } = this.volume.sb.raw;
    const start = Math.floor(address / sectorsize) * sectorsize;
    const end = Math.ceil((address + length) / sectorsize) * sectorsize;
    const bytes = new Uint8Array(end - start);
    await this.#fill(start, bytes, unsummed, signal);
    return bytes.subarray(address - start, address - start + length);
  }

  /** The same into `target`, all of it; whole sectors are read to their place. */
  async readInto(address: number, target: Uint8Array, unsummed: boolean, signal?: AbortSignal): Promise<void> {
    const { sectorsize } = this.volume.sb.raw;
    const whole = address % sectorsize === 0 ? target.length - (target.length % sectorsize) : 0;
    if (whole > 0) await this.#fill(address, target.subarray(0, whole), unsummed, signal);
    if (whole === target.length) return;
    target.set(await this.read(address + whole, target.length - whole, unsummed, signal), whole);
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
  async #fill(address: number, target: Uint8Array, unsummed: boolean, signal?: AbortSignal): Promise<void> {
    await this.#fillFirst(address, target, signal);
    if (unsummed) return;
    const { checksum, raw } = this.volume.sb;
    for await (const { start, count, view, at } of this.#sums.of(address, target.length)) {
      for (let sector = 0; sector < count; sector++) {
        const from = start - address + sector * raw.sectorsize;
        const place = at + sector * checksum.size;
        if (checksum.matches(target, from, from + raw.sectorsize, view, place)) continue;
        target.set(await this.#mend(address + from, view, place, signal), from);
      }
    }
  }

  /** From the first copy whose device is there. */
  async #fillFirst(address: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    let first: GuestkitError | null = null;
    for (let way = 0; way < this.volume.ways(address); way++) {
      try {
        return await this.volume.readInto(address, target, way, signal);
      } catch (error) {
        if (!(error instanceof GuestkitError)) throw error;
        first ??= error;
      }
    }
    throw first as GuestkitError;
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
