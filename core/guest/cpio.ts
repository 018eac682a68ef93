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
  #complete = false;
  #trailer = 0;

  get ended(): boolean {
    return this.#ended;
  }

  /** The archive's own end was reached. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Of what was pushed, what lies behind the end. */
  get rest(): Uint8Array {
    return this.#rest;
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
    this.#rest = this.#ended ? bytes.subarray(this.#trailer) : bytes.slice();
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
      this.#ended = this.#complete = true;
      this.#at += length;
      this.#trailer = length;
      return null;
    }
    return { name, length, data: size + padding(size) };
  }
}

/** Archives one after another, with zeros between them, as the kernel unpacks them. */
export class CpioArchives {
  #current: CpioNames | null = null;
  #ends = 0;
  #ended = false;

  /** Something that is no archive was reached. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Each archive so far has come to its own end. */
  get complete(): boolean {
    return this.#ends > 0 && (this.#current === null || this.#ended);
  }

  push(piece: Uint8Array): readonly string[] {
    const names: string[] = [];
    for (let bytes = this.#current ? piece : withoutZeros(piece); bytes.length > 0 && !this.#ended; ) {
      this.#current ??= new CpioNames();
      for (const name of this.#current.push(bytes)) names.push(name);
      if (!this.#current.ended) break;
      bytes = withoutZeros(this.#current.rest);
      if (this.#current.complete) this.#next();
      else this.#ended = true;
    }
    return names;
  }

  #next(): void {
    this.#ends++;
    this.#current = null;
  }
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start < 0 ? bytes.subarray(bytes.length) : bytes.subarray(start);
}

/** Headers start at multiples of four from the archive's start, so lengths are padded alike. */
const padding = (length: number) => (4 - (length % 4)) % 4;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
