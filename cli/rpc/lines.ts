/** Most bytes of one message: what a declaration brings along in it (contents of files) is smaller by far. */
export const LONGEST_LINE = 64 << 20;

const LINE_FEED = 0x0a;

/** Cuts a stream at its line feeds; a line that is too long is dropped as it comes, and told as null. */
export class LineCutter {
  readonly #onLine: (line: Uint8Array | null) => void;
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(onLine: (line: Uint8Array | null) => void, most = LONGEST_LINE) {
    this.#onLine = onLine;
    this.#most = most;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#add(chunk.subarray(from, end));
      this.#take();
      from = end + 1;
    }
    this.#add(chunk.subarray(from));
  }

  /** What stands behind the last line feed is a line as well. */
  end(): void {
    if (this.#size > 0) this.#take();
  }

  #add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size <= this.#most) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  #take(): void {
    const line = this.#size <= this.#most ? Buffer.concat(this.#pieces, this.#size) : null;
    [this.#pieces, this.#size] = [[], 0];
    this.#onLine(line);
  }
}
