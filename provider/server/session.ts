import type { CallOptions, EngineFace } from "@guestkit/core/engine";
import { GuestkitError, type Progress } from "@guestkit/core/kit";
import { createEngine } from "@guestkit/core/resource";
import type { ProviderSettings } from "../schema/settings.ts";
import { logProgress } from "./log.ts";
import type { Private } from "./owner.ts";

/** What lives from one call to the next: the engine as configured, and the work that is under way. */
export class Session {
  #settings: ProviderSettings = {};
  #engine: Promise<EngineFace> | undefined;
  #validator: EngineFace | undefined;
  #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #held = new Map<string, Private | null>();

  /** What declarations are judged by: that reads nothing, and comes before the provider is configured. */
  get validator(): EngineFace {
    this.#validator ??= createEngine();
    return this.#validator;
  }

  /**
   * Where the settings say that it works, opened at the first need: a host that cannot be reached fails what is asked of it
   * and nothing else. It is not tried again. Throws what `openEngine` throws.
   */
  engine(): Promise<EngineFace> {
    this.#engine ??= this.#open();
    return this.#engine;
  }

  configure(settings: ProviderSettings): void {
    this.#settings = settings;
    this.#engine = undefined;
  }

  async #open(): Promise<EngineFace> {
    const { host, remoteInstall, ...settings } = this.#settings;
    if (host === null) throw unknownHost();
    if (host === undefined) return createEngine({ settings });
    const { openEngine } = await import("@guestkit/core/remote");
    const progress = (event: Progress) => logProgress(host, event);
    return await openEngine({ host, remoteInstall, settings, signal: this.#stopping.signal, progress });
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

/** Whatever were read on another machine in its stead would be wrong. */
function unknownHost(): GuestkitError {
  return new GuestkitError("E_HOST_UNKNOWN", "Cannot reach the host: the provider's host is not known yet", {
    help: "Apply first what it comes from (terraform apply -target=...), or write its name out.",
  });
}
