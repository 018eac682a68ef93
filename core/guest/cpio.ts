/**
 * Names in a cpio archive of the kind that the kernel unpacks (Documentation/driver-api/early-userspace/
 * buffer-format.rst): "newc" headers of 110 bytes in hex, name and data each padded to four bytes.
 */

const HEADER = 110;
const TRAILER = "TRAILER!!!";
/** PATH_MAX: the kernel refuses more. */
const MAX_NAME = 4096;

/** Takes an archive in pieces of any size and tells the names in it, one after another. */
export class CpioNames {
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes of data that are passed over before the next header. */
  #skip = 0;
  /** Bytes taken so far, of which alignment is counted. */
  #at = 0;
  /** The archive's end was reached, or something that is no archive. */
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes up to the end of what was understood. */
  get position(): number {
    return this.#at;
  }

  push(piece: Uint8Array): readonly string[] {
    const names: string[] = [];
    let bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    while (!this.#ended) {
      const skipped = Math.min(this.#skip, bytes.length);
      bytes = bytes.subarray(skipped);
      this.#skip -= skipped;
      this.#at += skipped;
      const entry = this.#skip === 0 ? this.#entry(bytes) : null;
      if (!entry) break;
      names.push(entry.name);
      bytes = bytes.subarray(entry.length);
      this.#at += entry.length;
      this.#skip = entry.data;
    }
    this.#rest = bytes.slice();
    return names;
  }

  /** One header with its name; null where more bytes are needed or the archive has ended. */
  #entry(bytes: Uint8Array): { name: string; length: number; data: number } | null {
    if (bytes.length < HEADER) return null;
    const head = String.fromCharCode(...bytes.subarray(0, HEADER));
    const [size, nameSize] = [54, 94].map((at) => Number.parseInt(head.slice(at, at + 8), 16));
    if (!/^07070[12][0-9a-fA-F]{104}$/.test(head) || !nameSize || nameSize > MAX_NAME || size === undefined) {
      this.#ended = true;
      return null;
    }
    const length = HEADER + nameSize + padding(HEADER + nameSize);
    if (bytes.length < length) return null;
    const name = new TextDecoder().decode(bytes.subarray(HEADER, HEADER + nameSize - 1));
    if (name === TRAILER) {
      this.#ended = true;
      this.#at += length;
      return null;
    }
    return { name, length, data: size + padding(size) };
  }
}

/** Headers start at multiples of four from the archive's start, so lengths are padded alike. */
const padding = (length: number) => (4 - (length % 4)) % 4;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
