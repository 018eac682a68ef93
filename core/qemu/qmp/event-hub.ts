import { log } from "../../kit/log.ts";
import type { JsonObject } from "../wire/json-stream.ts";
import { isObject } from "../wire/json-stream.ts";
import { type Waiter, waiter } from "../wire/waiter.ts";
import { closed, late } from "./error.ts";
import type { QmpEvent, QmpEventName, QmpEventOf } from "./events.ts";

export type QmpListener = (event: QmpEvent) => void;

export interface EventWait<E extends QmpEventName> {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Which of that name counts; each does where left out. */
  readonly where?: (data: QmpEventOf<E>["data"]) => boolean;
}

/** Events that an iterator which is not read keeps; the oldest go first. */
const KEPT = 1024;

/** Hands out the events of one connection. */
export class EventHub {
  readonly #path: string;
  readonly #listeners = new Set<QmpListener>();
  readonly #ends = new Set<() => void>();
  #ended = false;

  constructor(path: string) {
    this.#path = path;
  }

  on(listener: QmpListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A message with `event`, as QEMU sent it. */
  emit(message: JsonObject): void {
    const event = readEvent(message);
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        log("error", "a listener of QMP events failed", { event: event.name, error: String(error) });
      }
    }
  }

  /** Ends everything that waits here. */
  end(): void {
    this.#ended = true;
    for (const end of [...this.#ends]) end();
    this.#listeners.clear();
  }

  waitFor<E extends QmpEventName>(name: E, options: EventWait<E>): Promise<QmpEventOf<E>> {
    const doing = `wait for ${name}`;
    const stopListening = this.on((event) => {
      if (event.name !== name) return;
      const found = event as QmpEventOf<E>;
      if (options.where?.(found.data) ?? true) wait.resolve(found);
    });
    const end = () => wait.reject(closed(this.#path, doing));
    const onEnd = () => {
      stopListening();
      this.#ends.delete(end);
    };
    const wait: Waiter<QmpEventOf<E>> = waiter({ ...options, onEnd }, () => late(this.#path, doing, options.timeoutMs));
    if (this.#ended) end();
    else if (!options.signal?.aborted) this.#ends.add(end);
    return wait.promise;
  }

  /** From the call on, until the connection ends or `signal` aborts. */
  iterate(signal?: AbortSignal): AsyncIterableIterator<QmpEvent> {
    const queue: QmpEvent[] = [];
    let wake = () => {};
    const stopListening = this.on((event) => {
      if (queue.push(event) > KEPT) queue.shift();
      wake();
    });
    const woken = () => wake();
    this.#ends.add(woken);
    signal?.addEventListener("abort", woken);
    const release = () => {
      stopListening();
      this.#ends.delete(woken);
      signal?.removeEventListener("abort", woken);
    };
    const next = async (): Promise<IteratorResult<QmpEvent>> => {
      for (;;) {
        const value = queue.shift();
        if (value) return { done: false, value };
        if (this.#ended || signal?.aborted) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      release();
      return { done: true, value: undefined };
    };
    const finish = async (): Promise<IteratorResult<QmpEvent>> => {
      release();
      return { done: true, value: undefined };
    };
    return {
      next,
      return: finish,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

function readEvent({ event, data = {}, timestamp }: JsonObject): QmpEvent {
  const { seconds = 0, microseconds = 0 } = isObject(timestamp) ? timestamp : {};
  const time = Number(seconds) + Number(microseconds) / 1e6;
  return { name: event, data, time } as QmpEvent;
}
