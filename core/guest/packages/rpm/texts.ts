/** A mark of the order of bytes is of the text that it begins, be it the first one or not. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Texts that end with a zero, decoded many at once: a short one takes the decoder as long as thousands of bytes. */
export class Texts {
  #bytes = new Uint8Array(64 << 10);
  #length = 0;

  /** Bytes that are kept. */
  get length(): number {
    return this.#length;
  }

  /** Keeps the text from `at` on where it ends before `end`; else false. */
  add(held: Uint8Array, at: number, end: number): boolean {
    let length = this.#length;
    if (length + end - at > this.#bytes.length) this.#grow(end - at);
    const bytes = this.#bytes;
    for (let from = at; from < end; from++) {
      const byte = held[from] ?? 0;
      bytes[length++] = byte;
      if (byte !== 0) continue;
      this.#length = length;
      return true;
    }
    return false;
  }

  #grow(more: number): void {
    const bytes = new Uint8Array(2 * (this.#length + more));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }

  /** All that were kept, in their order; none of them is any more. */
  take(): readonly string[] {
    const texts = utf8.decode(this.#bytes.subarray(0, this.#length)).split("\0");
    this.#length = 0;
    return texts;
  }
}
