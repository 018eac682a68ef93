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
    if (unsummed) return this.#plain(address, length, signal);
    const { sectorsize } = this.volume.sb.raw;
    const start = Math.floor(address / sectorsize) * sectorsize;
    const end = Math.ceil((address + length) / sectorsize) * sectorsize;
    const bytes = await this.#checked(start, end - start, signal);
    return bytes.subarray(address - start, address - start + length);
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

  async #plain(address: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    let first: GuestkitError | null = null;
    for (let way = 0; way < this.volume.ways(address); way++) {
      try {
        return await this.volume.read(address, length, way, signal);
      } catch (error) {
        if (!(error instanceof GuestkitError)) throw error;
        first ??= error;
      }
    }
    throw first as GuestkitError;
  }

  /** Whole sectors. */
  async #checked(address: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#plain(address, length, signal);
    const { sectorsize } = this.volume.sb.raw;
    let mended: Uint8Array | null = null;
    for await (const { start, count, view, at } of this.#sums.of(address, length)) {
      const { checksum } = this.volume.sb;
      for (let sector = 0; sector < count; sector++) {
        const from = start - address + sector * sectorsize;
        const place = at + sector * checksum.size;
        if (checksum.matches(bytes, from, from + sectorsize, view, place)) continue;
        mended ??= bytes.slice();
        mended.set(await this.#mend(address + from, view, place, signal), from);
      }
    }
    return mended ?? bytes;
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
