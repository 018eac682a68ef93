import type { CallOptions, EngineFace } from "@guestkit/core/engine";
import { createEngine } from "@guestkit/core/resource";
import type { ProviderSettings } from "../schema/settings.ts";
import { logProgress } from "./log.ts";
import type { Private } from "./owner.ts";

/** What lives from one call to the next: the engine as configured, and the work that is under way. */
export class Session {
  #engine: EngineFace | undefined;
  #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #held = new Map<string, Private | null>();

  /** Before the provider is configured (validation), the environment's settings hold. */
  get engine(): EngineFace {
    this.#engine ??= createEngine();
    return this.#engine;
  }

  configure(settings: ProviderSettings): void {
    this.#engine = createEngine({ settings });
  }

  /** Remembers a thing that is in the engine's state, and by which id it is owned once that is known. */
  hold(contract: string, id: string, owner: Private | null = null): void {
    this.#held.set(`${contract} ${id}`, owner ?? this.heldBy(contract, id));
  }

  /** By which id the engine's state owns a thing; null where it has none. */
  heldBy(contract: string, id: string): Private | null {
    return this.#held.get(`${contract} ${id}`) ?? null;
  }

  /** Whether a thing is in the engine's state: what it plans as a create then replaces that. */
  isHeld(contract: string, id: string): boolean {
    return this.#held.has(`${contract} ${id}`);
  }

  /** Runs work that `stop`, or the engine's giving up the call, aborts. */
  async run<T>(thing: string, signal: AbortSignal, work: (options: CallOptions) => Promise<T>): Promise<T> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    const running = work({ signal: either, progress: (event) => logProgress(thing, event) });
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Aborts what runs now and returns at once. Later work is not concerned: a test's process serves several runs. */
  stop(): void {
    this.#stopping.abort();
    this.#stopping = new AbortController();
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
