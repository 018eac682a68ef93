/** The end of a stream: keeps at least the last `limit` bytes, and not much more. */
export class TailBuffer {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let first = this.#chunks[0]; first && this.#size - first.length >= this.#limit; first = this.#chunks[0]) {
      this.#chunks.shift();
      this.#size -= first.length;
    }
  }

  /** As text; a character cut in two at the beginning is shown as such. */
  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

/** The last `count` lines of a text without the empty ones at its end. */
export function lastLines(text: string, count: number): string[] {
  return text.trimEnd().split("\n").slice(-count);
}
