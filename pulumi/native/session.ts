import type { EngineFace } from "@guestkit/core/engine";
import { GuestkitError, type Settings, timeLimit } from "@guestkit/core/kit";
import { openAt } from "../face/host.ts";
import type { Place } from "../face/settings.ts";
import { EngineLog } from "./engine-log.ts";

/** How one call ends before its work does. */
export interface Limit {
  /** Aborts where the engine gives the call up. */
  readonly signal: AbortSignal;
  /** customTimeouts, s; none where left out or 0. */
  readonly timeout?: number | undefined;
}

/** What lives from one call to the next: the engine as configured, and the work that is under way. */
export class Session {
  readonly log = new EngineLog();
  #settings: Partial<Settings> = {};
  #place: Place = {};
  #engine: Promise<EngineFace> | undefined;
  #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #replacing = new Map<string, Set<string>>();

  configure(settings: Partial<Settings>, place: Place): void {
    this.#settings = settings;
    this.#place = place;
    this.#engine = undefined;
    this.#stopping = new AbortController();
  }

  /**
   * Where the settings say that it works, opened at the first need: a host that cannot be reached fails what is asked of it,
   * and nothing else. Throws what `openEngine` throws.
   */
  engine(): Promise<EngineFace> {
    this.#engine ??= this.#open();
    return this.#engine;
  }

  #open(): Promise<EngineFace> {
    const { signal } = this.#stopping;
    return openAt({ ...this.#place, settings: this.#settings, signal, progress: this.log.progressOf("") });
  }

  /** Ids of a contract's things whose replacement was planned. */
  replacing(contract: string): Set<string> {
    const found = this.#replacing.get(contract) ?? new Set();
    this.#replacing.set(contract, found);
    return found;
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Runs work that `stop`, the engine's giving up, or the time that it may take aborts. Throws `E_TIMEOUT` for the last. */
  async run<T>({ signal, timeout }: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = timeout ? timeLimit(timeout) : null;
    const running = work(AbortSignal.any([signal, this.#stopping.signal, ...(late ? [late] : [])]));
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw late?.aborted && !this.#stopping.signal.aborted ? overdue(Number(timeout), error) : error;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Aborts what runs now, and what comes until it is configured again: the engine starts nothing more, but what is on its way. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}

/** Keeps what the work left, where its error tells of it. */
function overdue(seconds: number, cause: unknown): unknown {
  const said = `Cannot go on: it took longer than the ${seconds} s of customTimeouts`;
  const help = "Raise the resource option customTimeouts.";
  return cause instanceof GuestkitError && "state" in cause
    ? Object.assign(cause, { message: said, code: "E_TIMEOUT", help })
    : new GuestkitError("E_TIMEOUT", said, { cause, help });
}
