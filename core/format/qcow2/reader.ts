import { GuestkitError } from "../../kit/errors.ts";
import { Lru } from "../../kit/lru.ts";
import { type ByteSource, checkBounds, type Extent } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import type { ClusterMap } from "./clusters.ts";
import type { Run } from "./entry.ts";
import { damaged } from "./fault.ts";
import type { Header } from "./header.ts";

export interface ReaderParts {
  readonly source: ByteSource;
  /** The external data file, if there is one. */
  readonly data: ByteSource | null;
  readonly header: Header;
  readonly map: ClusterMap;
  readonly backing: { readonly image: Image } | null;
  readonly size: number;
  readonly decompress: OpenContext["decompress"];
}

/** Bytes of decompressed clusters that are kept: readers come back for the next block of the same one. */
const KEPT = 4 << 20;
/** Runs that are read at the same time. */
const PARALLEL = 8;
/** Runs that are put together into one extent, so that asking about a large disk returns in good time. */
const MERGED = 4096;

/** The guest's bytes, put together from runs. */
export class ClusterReader {
  readonly #parts: ReaderParts;
  readonly #data: ByteSource;
  readonly #plain: Lru<number, Uint8Array>;
  readonly #bounds: { readonly name: string; readonly size: number };

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#data = parts.data ?? parts.source;
    this.#plain = new Lru(Math.max(2, Math.floor(KEPT / parts.header.clusterSize)));
    this.#bounds = { name: parts.source.name, size: parts.size };
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    checkBounds(this.#bounds, offset, length);
    if (length === 0) return new Uint8Array();
    const run = await this.#parts.map.run(offset, length, signal);
    return run.length === length ? this.#readRun(run, offset, signal) : this.#assemble(run, offset, length, signal);
  }

  async #assemble(first: Run, offset: number, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const result = new Uint8Array(length);
    let run = first;
    for (let at = 0; ; run = await this.#parts.map.run(offset + at, length - at, signal)) {
      const batch: { run: Run; at: number }[] = [];
      for (;;) {
        batch.push({ run, at });
        at += run.length;
        if (at >= length || batch.length === PARALLEL) break;
        run = await this.#parts.map.run(offset + at, length - at, signal);
      }
      await Promise.all(batch.map((each) => this.#copy(each.run, offset, each.at, result, signal)));
      if (at >= length) return result;
    }
  }

  async #copy(
    run: Run,
    offset: number,
    at: number,
    result: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (run.kind !== "zero") result.set(await this.#readRun(run, offset + at, signal), at);
  }

  async #readRun(run: Run, offset: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    switch (run.kind) {
      case "zero":
        return new Uint8Array(run.length);
      case "data":
        return this.#readData(run, offset, signal);
      case "compressed":
        return this.#readCompressed(run, offset, signal);
      case "parent":
        return this.#readParent(offset, run.length, signal);
    }
  }

  #readData({ host, length }: Run, offset: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { header, source } = this.#parts;
    const place = `cluster data at 0x${host.toString(16)}`;
    if (host + length > this.#data.size) {
      throw damaged(this.#data, "DATA_BOUNDS", host, `${place} ends past the file's end (${this.#data.size})`);
    }
    if (header.rawDataFile && host !== offset) {
      throw damaged(source, "L2_ENTRY", offset, `${place} of the raw data file is mapped to 0x${offset.toString(16)}`);
    }
    return this.#data.read(host, length, signal);
  }

  async #readCompressed(run: Run, offset: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const plain = this.#plain.get(run.host) ?? (await this.#decompress(run, signal));
    const within = offset % plain.length;
    // A copy, unless it is the whole: a small piece would hold up to 2 MiB.
    return run.length === plain.length ? plain : plain.slice(within, within + run.length);
  }

  async #decompress({ host, stored }: Run, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { source, header, decompress } = this.#parts;
    const packed = await source.read(host, stored, signal);
    const kind = header.compressionType === "zstd" ? "zstd" : "deflate-raw";
    const plain = await decompress(kind, packed, header.clusterSize).catch((error: unknown) => {
      throw error instanceof GuestkitError ? error.within({ file: source.name, offset: host }) : error;
    });
    this.#plain.set(host, plain);
    return plain;
  }

  /** A parent may be shorter: zeros follow it. */
  async #readParent(offset: number, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const parent = this.#parts.backing?.image;
    const there = parent ? Math.max(0, Math.min(length, parent.size - offset)) : 0;
    if (!parent || there === 0) return new Uint8Array(length);
    const bytes = await parent.read(offset, there, signal);
    if (there === length) return bytes;
    const result = new Uint8Array(length);
    result.set(bytes);
    return result;
  }

  async extent(offset: number, length: number, signal?: AbortSignal): Promise<Extent> {
    signal?.throwIfAborted();
    checkBounds(this.#bounds, offset, length);
    const first = await this.#extentOf(offset, length, signal);
    let total = first.length;
    for (let merged = 1; total < length && merged < MERGED; merged++) {
      const next = await this.#extentOf(offset + total, length - total, signal);
      if (next.zero !== first.zero) break;
      total += next.length;
    }
    return { length: total, zero: first.zero };
  }

  async #extentOf(offset: number, length: number, signal: AbortSignal | undefined): Promise<Extent> {
    const run = await this.#parts.map.run(offset, length, signal);
    if (run.kind !== "parent") return { length: run.length, zero: run.kind === "zero" };
    const parent = this.#parts.backing?.image;
    const there = parent ? Math.min(run.length, parent.size - offset) : 0;
    if (!parent || there <= 0) return { length: run.length, zero: true };
    return (await parent.extent?.(offset, there, signal)) ?? { length: there, zero: false };
  }
}
