import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { GuestkitError, reportError } from "@guestkit/core/kit";
import type { Inspection, Outcome, Task } from "./task.ts";

export interface PoolOptions {
  readonly place: Task["options"];
  /** Threads; as many as the host has processors where left out. */
  readonly jobs?: number | undefined;
  /** As they are done, instead of in the images' order. */
  readonly unordered: boolean;
}

/** Images a thread may be ahead of the one that is waited for, so that reports do not pile up. */
const AHEAD = 4;
/** What an inspection may keep, MiB: one that takes more ends its thread, and no other. */
const LIMITS = { maxOldGenerationSizeMb: 512 };

/** Inspects images in threads. Whatever goes wrong with one is its own outcome. */
export async function* inspectAll(images: readonly string[], options: PoolOptions): AsyncGenerator<Inspection> {
  const { url } = await import("./thread.ts");
  const pool = new Pool(images, options, url);
  try {
    for (let shown = 0; shown < images.length; shown++) yield await pool.next(shown);
  } finally {
    await pool.end();
  }
}

class Pool {
  readonly #images: readonly string[];
  readonly #options: PoolOptions;
  readonly #program: string;
  readonly #ahead: number;
  readonly #done = new Map<number, Outcome>();
  readonly #threads = new Map<Worker, number | null>();
  #next = 0;
  #shown = 0;
  #wake = () => {};

  constructor(images: readonly string[], options: PoolOptions, module: string) {
    this.#program = `import(${JSON.stringify(module)}).then(({ serve }) => serve())`;
    this.#images = images;
    this.#options = options;
    const count = Math.min(images.length, options.jobs ?? availableParallelism());
    this.#ahead = count * AHEAD;
    for (let each = 0; each < count; each++) this.#start();
  }

  /** The outcome that is shown after `shown` others. */
  async next(shown: number): Promise<Inspection> {
    this.#shown = shown;
    for (const [thread, index] of this.#threads) if (index === null) this.#give(thread);
    for (;;) {
      const index = this.#options.unordered ? this.#done.keys().next().value : shown;
      const outcome = index === undefined ? undefined : this.#done.get(index);
      if (index !== undefined && outcome) {
        this.#done.delete(index);
        return { image: this.#images[index] ?? "", ...outcome };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async end(): Promise<void> {
    const threads = [...this.#threads.keys()];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #start(): void {
    const thread = new Worker(this.#program, { eval: true, resourceLimits: LIMITS });
    thread.on("message", ({ index, outcome }: { index: number; outcome: Outcome }) => {
      this.#settle(index, outcome);
      this.#give(thread);
    });
    thread.on("error", (error) => this.#lose(thread, error));
    this.#give(thread);
  }

  #give(thread: Worker): void {
    const image = this.#next < this.#shown + this.#ahead ? this.#images[this.#next] : undefined;
    this.#threads.set(thread, image === undefined ? null : this.#next);
    if (image !== undefined) thread.postMessage({ index: this.#next++, image, options: this.#options.place });
  }

  #settle(index: number, outcome: Outcome): void {
    this.#done.set(index, outcome);
    this.#wake();
  }

  /** A thread that ended by an image: another takes its place. */
  #lose(thread: Worker, error: unknown): void {
    const index = this.#threads.get(thread) ?? null;
    this.#threads.delete(thread);
    if (index === null) return;
    this.#settle(index, { report: null, error: reportError(lost(this.#images[index] ?? "", error)) });
    this.#start();
  }
}

function lost(image: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_INSPECT_THREAD", `Cannot inspect "${image}": its thread ended`, {
    at: { file: image },
    help: `Try it alone: guestkit inspect "${image}"`,
    cause,
  });
}
