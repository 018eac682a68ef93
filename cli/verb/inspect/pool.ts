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
  /** Address of the module whose `serve` answers tasks in a thread; that of this verb where left out. */
  readonly module?: string | undefined;
}

/** Images a thread may be ahead of the one that is waited for, so that reports do not pile up. */
const AHEAD = 4;
/** What an inspection may keep, MiB: one that takes more ends its thread, and no other. */
const LIMITS = { maxOldGenerationSizeMb: 512 };

/** Inspects images in threads. Whatever goes wrong with one is its own outcome. */
export async function* inspectAll(images: readonly string[], options: PoolOptions): AsyncGenerator<Inspection> {
  const { module } = options;
  const loading = module ? `import(${JSON.stringify(module)})` : (await import("./thread.ts")).loading;
  const pool = new Pool(images, options, `${loading}.then(({ serve }) => serve())`);
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
  readonly #count: number;
  readonly #done = new Map<number, Outcome>();
  readonly #threads = new Map<Worker, number | null>();
  #next = 0;
  #shown = 0;
  #wake = () => {};

  constructor(images: readonly string[], options: PoolOptions, program: string) {
    this.#program = program;
    this.#images = images;
    this.#options = options;
    this.#count = Math.min(images.length, options.jobs ?? availableParallelism());
    this.#employ();
  }

  /** The outcome that is shown after `shown` others. */
  async next(shown: number): Promise<Inspection> {
    this.#shown = shown;
    this.#employ();
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

  /** Gives work to whoever waits for it; a thread that ended is followed by another where there is some. */
  #employ(): void {
    for (const [thread, index] of this.#threads) if (index === null) this.#give(thread);
    while (this.#threads.size < this.#count && this.#hasWork()) this.#start();
  }

  #hasWork(): boolean {
    return this.#next < Math.min(this.#images.length, this.#shown + this.#count * AHEAD);
  }

  #start(): void {
    const thread = new Worker(this.#program, { eval: true, resourceLimits: LIMITS });
    thread.on("message", ({ index, outcome }: { index: number; outcome: Outcome }) => {
      this.#settle(index, outcome);
      if (this.#threads.has(thread)) this.#give(thread);
    });
    let cause: unknown;
    thread.on("error", (error) => {
      cause = error;
    });
    thread.on("exit", () => this.#lose(thread, cause));
    this.#give(thread);
  }

  #give(thread: Worker): void {
    const index = this.#hasWork() ? this.#next++ : null;
    this.#threads.set(thread, index);
    if (index !== null) thread.postMessage({ index, image: this.#images[index], options: this.#options.place });
  }

  #settle(index: number, outcome: Outcome): void {
    this.#done.set(index, outcome);
    this.#wake();
  }

  /** Of a thread that ended, by an image or without one. */
  #lose(thread: Worker, cause: unknown): void {
    const index = this.#threads.get(thread);
    if (!this.#threads.delete(thread)) return;
    if (typeof index === "number") {
      this.#settle(index, { report: null, error: reportError(lost(this.#images[index] ?? "", cause)) });
    }
    this.#employ();
  }
}

function lost(image: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_INSPECT_THREAD", `Cannot inspect "${image}": its thread ended`, {
    at: { file: image },
    help: `Try it alone: guestkit inspect "${image}"`,
    cause,
  });
}
