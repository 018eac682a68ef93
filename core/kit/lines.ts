const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LineOptions {
  /** Bytes of one line at most; a longer one is dropped as it comes, and told as null. */
  readonly most: number;
  /** `\r` ends a line too, as programs print their progress. */
  readonly progress?: boolean;
}

/** Cuts a stream of bytes into lines, however small or large its pieces are: no byte is copied more than once. */
export class LineCutter {
  readonly #onLine: (line: Uint8Array | null) => void;
  readonly #most: number;
  readonly #progress: boolean;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(onLine: (line: Uint8Array | null) => void, { most, progress = false }: LineOptions) {
    this.#onLine = onLine;
    this.#most = most;
    this.#progress = progress;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = this.#end(chunk, 0); end >= 0; end = this.#end(chunk, from)) {
      this.#add(chunk.subarray(from, end));
      this.#take();
      from = end + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
  }

  /** What stands behind the last line's end is a line as well. */
  end(): void {
    if (this.#size > 0) this.#take();
  }

  #end(chunk: Uint8Array, from: number): number {
    if (!this.#progress) return chunk.indexOf(LINE_FEED, from);
    let at = from;
    while (at < chunk.length && chunk[at] !== LINE_FEED && chunk[at] !== CARRIAGE_RETURN) at++;
    return at < chunk.length ? at : -1;
  }

  #add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size <= this.#most) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  #take(): void {
    const line = this.#size <= this.#most ? joined(this.#pieces, this.#size) : null;
    [this.#pieces, this.#size] = [[], 0];
    this.#onLine(line);
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
