/** A map that keeps its `capacity` most recently used entries. */
export class Lru<K, V> {
  readonly capacity: number;
  readonly #entries = new Map<K, V>();
  /** The last one used, which need not be moved to the end again. */
  #newest: K | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get(key: K): V | undefined {
    if (key === this.#newest) return this.#entries.get(key);
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    if (this.#entries.size <= this.capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
