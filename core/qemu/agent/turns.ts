import { type Waiter, type WaitOptions, waiter } from "../wire/waiter.ts";

/** Lets one after another in, in the order they came. */
export class Turns {
  #taken = false;
  readonly #queue: Waiter<void>[] = [];

  /** Waits for its turn; call what it gives when done. Throws what `late` gives, and the signal's reason. */
  async take(options: WaitOptions, late: () => Error): Promise<() => void> {
    if (this.#taken) await this.#waitInLine(options, late);
    this.#taken = true;
    return () => this.#next();
  }

  /** Whoever gives up leaves the line at once: a turn handed to it would be lost. */
  async #waitInLine(options: WaitOptions, late: () => Error): Promise<void> {
    options.signal?.throwIfAborted();
    const onEnd = () => {
      this.#queue.splice(this.#queue.indexOf(wait), 1);
    };
    const wait: Waiter<void> = waiter({ ...options, onEnd }, late);
    this.#queue.push(wait);
    await wait.promise;
  }

  /** The turn passes on without being free in between. */
  #next(): void {
    const next = this.#queue[0];
    if (next) next.resolve();
    else this.#taken = false;
  }
}
