import { GuestkitError } from "../../kit/errors.ts";

/**
 * Extents packed with LZO as btrfs stores them (fs/btrfs/lzo.c): the length of all, then pieces, each with its length before
 * it. A length of four bytes never crosses a sector: what is left of one is skipped. Each piece unpacks to a sector.
 * Throws `E_SOURCE_COMPRESSION`.
 */
export function unpackLzo(packed: Uint8Array, size: number, least: number, sectorsize: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const total = packed.length >= 8 ? view.getUint32(0, true) : 0;
  if (total < 8 || total > packed.length) throw bad(packed, `it says that it has ${total} bytes`);
  const plain = new Uint8Array(size);
  let done = 0;
  for (let at = 4; done < size && at + 4 <= total; ) {
    const left = sectorsize - (at % sectorsize);
    if (left < 4) {
      at += left;
      continue;
    }
    const length = view.getUint32(at, true);
    if (length === 0 || at + 4 + length > total) throw bad(packed, `a piece of ${length} bytes at ${at}`);
    done += unpackPiece(
      packed.subarray(at + 4, at + 4 + length),
      plain.subarray(done, Math.min(size, done + sectorsize)),
    );
    at += 4 + length;
    if (done < size && done % sectorsize !== 0) break;
  }
  if (done < least) throw bad(packed, `it gives ${done} bytes of ${size}`);
  return plain;
}

function bad(packed: Uint8Array, what: string): GuestkitError {
  return new GuestkitError("E_SOURCE_COMPRESSION", `Cannot decompress ${packed.length} bytes of lzo: ${what}`);
}

/**
 * One LZO1X stream into `out`; the number of bytes that it gave. See
 * https://docs.kernel.org/staging/lzo.html for the format.
 */
export function unpackPiece(packed: Uint8Array, out: Uint8Array): number {
  return new Lzo1x(packed, out).run();
}

class Lzo1x {
  readonly #in: Uint8Array;
  readonly #out: Uint8Array;
  #at = 0;
  #done = 0;

  constructor(packed: Uint8Array, out: Uint8Array) {
    this.#in = packed;
    this.#out = out;
  }

  /** `state`: how many literals the last instruction copied, 4 for many; it tells what the lowest ones mean. */
  run(): number {
    let state = 0;
    const first = this.#in[0] ?? 0;
    if (first > 17) {
      this.#at = 1;
      this.#literals(first - 17);
      state = Math.min(first - 17, 4);
    }
    for (;;) {
      const code = this.#byte();
      if (code < 16 && state === 0) {
        this.#literals(3 + (code === 0 ? 15 + this.#run() : code));
        state = 4;
        continue;
      }
      const next = this.#match(code, state);
      if (next < 0) return this.#done;
      this.#literals(next);
      state = next;
    }
  }

  /** Copies from what was written before; gives how many literals follow, -1 at the stream's end. */
  #match(code: number, state: number): number {
    if (code >= 64) {
      const distance = ((code >> 2) & 7) + (this.#byte() << 3) + 1;
      return this.#copy(distance, (code >> 5) + 1, code & 3);
    }
    if (code >= 32) {
      const length = 2 + ((code & 31) === 0 ? 31 + this.#run() : code & 31);
      const word = this.#word();
      return this.#copy((word >> 2) + 1, length, word & 3);
    }
    if (code >= 16) {
      const length = 2 + ((code & 7) === 0 ? 7 + this.#run() : code & 7);
      const word = this.#word();
      const distance = ((code & 8) << 11) + (word >> 2);
      if (distance === 0) return this.#end(length);
      return this.#copy(distance + 0x4000, length, word & 3);
    }
    const distance = (code >> 2) + (this.#byte() << 2) + 1;
    return state === 4 ? this.#copy(distance + 0x800, 3, code & 3) : this.#copy(distance, 2, code & 3);
  }

  #end(length: number): number {
    if (length !== 3) throw this.#bad("its end is malformed");
    return -1;
  }

  /** A length continued: 255 for each zero byte, then the byte that is none. */
  #run(): number {
    let more = 0;
    for (;;) {
      const byte = this.#byte();
      if (byte !== 0) return more + byte;
      more += 255;
    }
  }

  #byte(): number {
    const byte = this.#in[this.#at++];
    if (byte === undefined) throw this.#bad("it ends too early");
    return byte;
  }

  #word(): number {
    const low = this.#byte();
    return low | (this.#byte() << 8);
  }

  #literals(count: number): void {
    if (this.#at + count > this.#in.length) throw this.#bad("it ends too early");
    if (this.#done + count > this.#out.length) throw this.#bad("it gives more than there is room for");
    for (let left = count; left > 0; left--) this.#out[this.#done++] = this.#in[this.#at++] as number;
  }

  /** Byte by byte: a match may reach into what it writes. */
  #copy(distance: number, length: number, literals: number): number {
    if (distance > this.#done) throw this.#bad("it copies from before its start");
    if (this.#done + length > this.#out.length) throw this.#bad("it gives more than there is room for");
    for (let left = length; left > 0; left--) {
      this.#out[this.#done] = this.#out[this.#done - distance] as number;
      this.#done++;
    }
    return literals;
  }

  #bad(what: string): GuestkitError {
    return bad(this.#in, what);
  }
}
