/** How many places are remembered, so that a copy counted once is not counted again. */
const REMEMBERED = 10_000;

/** What became known while reading: good copies that were taken in place of damaged ones. */
export class Notes {
  readonly #standing: string[];
  readonly #mended = new Set<string>();
  #first: string | null = null;

  constructor(standing: readonly string[]) {
    this.#standing = [...standing];
  }

  add(text: string): void {
    this.#standing.push(text);
  }

  /** `place` tells the block; `why` says what was wrong with its first copy. */
  mended(place: string, why: string): void {
    this.#first ??= `${place}: ${why}`;
    if (this.#mended.size < REMEMBERED) this.#mended.add(place);
  }

  get texts(): readonly string[] {
    if (this.#first === null) return this.#standing;
    const { size } = this.#mended;
    const count =
      size === REMEMBERED ? `${size} or more blocks were` : size === 1 ? "1 block was" : `${size} blocks were`;
    return [...this.#standing, `${count} read from another copy, the first of them being damaged (${this.#first})`];
  }
}
