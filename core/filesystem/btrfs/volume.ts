import type { GuestkitError } from "../../kit/errors.ts";
import type { Eventual } from "../../kit/eventual.ts";
import { hexOf } from "../../kit/struct.ts";
import type { Codec } from "../../source/codec.ts";
import type { ByteSource, Stored } from "../../source/source.ts";
import { readInto } from "../../source/source.ts";
import type { Fault } from "../fault.ts";
import { type Chunk, locate, type Piece, type Stripe } from "./chunk.ts";
import { ChunkMap } from "./chunk-map.ts";
import type { Device, Devices } from "./devices.ts";
import { fault } from "./fault.ts";
import { Notes } from "./notes.ts";
import type { Superblock } from "./superblock.ts";

/** A fault at an address of the file system. */
export interface AddressFault extends Omit<Fault, "offset"> {
  readonly address?: number | undefined;
}

/** Addresses of a file system as bytes of its devices. */
export class Volume {
  readonly sb: Superblock;
  readonly codec: Codec;
  readonly notes: Notes;
  readonly name: string;
  chunks = new ChunkMap([]);
  /** UUIDs in hex that blocks of trees may bear: the file system's, and those of seeds that it grew from. */
  readonly uuids: Set<string>;
  readonly #devices: Devices;

  constructor(devices: Devices, codec: Codec) {
    this.#devices = devices;
    this.codec = codec;
    this.sb = devices.first.sb;
    this.name = devices.first.source.name;
    this.notes = new Notes(devices.warnings);
    this.uuids = new Set([hexOf(this.sb.treeUuid)]);
  }

  /** The other devices that it lies on, as far as they are there. */
  get peers(): readonly ByteSource[] {
    return this.#devices.peers;
  }

  /** In how many ways the byte at `address` can be had: from each copy. */
  ways(address: number): number {
    return this.chunks.find(address)?.copies ?? 1;
  }

  /**
   * `length` bytes from `address` in one of its ways, at once where they are in memory; a view may hold more than its
   * length. Throws `E_BTRFS_CHUNK` where no chunk has them, `E_BTRFS_DEVICE` where their device is missing or too short.
   */
  read(address: number, length: number, way: number, signal?: AbortSignal): Uint8Array | Promise<Uint8Array> {
    const chunk = this.chunkAt(address);
    const piece = locate(chunk, address - chunk.start, way);
    if (piece.length < length) return this.#assemble(address, length, way, signal);
    const { source } = this.device(piece.stripe, address, piece.offset + length);
    return source.peek?.(piece.offset, length) ?? source.read(piece.offset, length, signal);
  }

  async #assemble(address: number, length: number, way: number, signal?: AbortSignal): Promise<Uint8Array> {
    const result = new Uint8Array(length);
    await this.readInto(address, result, way, signal);
    return result;
  }

  /** The same into `target`, all of it; a chunk with fewer copies gives its last one. */
  readInto(address: number, target: Uint8Array, way: number, signal?: AbortSignal): void | Promise<void> {
    const piece = this.#pieceAt(address, way);
    if (piece.length < target.length) return this.#readPieces(address, target, way, signal);
    const { source } = this.device(piece.stripe, address, piece.offset + target.length);
    return readInto(source, piece.offset, target, signal);
  }

  async #readPieces(address: number, target: Uint8Array, way: number, signal?: AbortSignal): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const { length } = this.#pieceAt(address + done, way);
      const part = target.subarray(done, done + length);
      await this.readInto(address + done, part, way, signal);
      done += part.length;
    }
  }

  /** Where the first copy of the bytes from `address` on comes from; null where that is not known. */
  stored(address: number, length: number): Eventual<Stored | null> {
    const chunk = this.chunks.find(address);
    if (!chunk || chunk.parity > 0) return null;
    const { stripe, offset, length: most } = locate(chunk, address - chunk.start, 0);
    const device = this.#devices.byUuid.get(stripe.device);
    const end = offset + Math.min(length, most);
    return device && end <= device.source.size ? (device.source.stored?.(offset, end - offset) ?? null) : null;
  }

  #pieceAt(address: number, way: number): Piece {
    const chunk = this.chunkAt(address);
    return locate(chunk, address - chunk.start, Math.min(way, chunk.copies - 1));
  }

  /** Throws `E_BTRFS_CHUNK`, and `E_BTRFS_PROFILE` for one with parity, which is not read. */
  chunkAt(address: number): Chunk {
    const chunk = this.chunks.find(address);
    if (chunk && chunk.parity > 0) throw this.#unread(chunk, address);
    if (chunk) return chunk;
    throw this.fault("E_BTRFS_CHUNK", { thing: `address ${address} of the file system`, what: "no chunk holds it" });
  }

  #unread({ profile }: Chunk, address: number): GuestkitError {
    return this.fault("E_BTRFS_PROFILE", {
      thing: `address ${address} of the file system`,
      what: `it lies on ${profile}, which is not read`,
      help: "Read it where it is mounted, or balance it there: btrfs balance start -dconvert=raid1 -mconvert=raid1 PATH",
    });
  }

  /** The device of a stripe. Throws `E_BTRFS_DEVICE` where it is missing, or ends before `end`. */
  device(stripe: Stripe, address: number, end: number): Device {
    const device = this.#devices.byUuid.get(stripe.device);
    if (device && end <= device.source.size) return device;
    throw this.fault("E_BTRFS_DEVICE", {
      thing: `address ${address} of the file system`,
      what: device
        ? `it lies at ${end} of "${device.source.name}", which ends at ${device.source.size}`
        : `device ${stripe.devid} (${stripe.device}) is missing`,
      help: device
        ? "The image is cut short: compare its size and sha256 with the original's."
        : "Add the file system's other devices, each with --with IMAGE.",
    });
  }

  has(device: string): boolean {
    return this.#devices.byUuid.has(device);
  }

  /** An error with its place: the device's, where one that holds the address is there. */
  fault(code: string, { address, ...what }: AddressFault): GuestkitError {
    const place = address === undefined ? null : this.#place(address);
    return fault(place?.name ?? this.name, code, { ...what, ...(place && { offset: place.offset }) });
  }

  #place(address: number): { name: string; offset: number } | null {
    const chunk = this.chunks.find(address);
    if (!chunk) return null;
    for (let way = 0; way < chunk.copies; way++) {
      const { stripe, offset } = locate(chunk, address - chunk.start, way);
      const device = this.#devices.byUuid.get(stripe.device);
      if (device) return { name: device.source.name, offset };
    }
    return null;
  }
}
