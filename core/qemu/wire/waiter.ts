import { timerMs } from "../../kit/timer.ts";
/** Something awaited with a deadline: whoever brings it calls `resolve` or `reject`, the first of them counts. */
export interface Waiter<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export interface WaitOptions {
  /** Milliseconds, monotonic; without end where left out. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once, however it ended. */
  readonly onEnd?: () => void;
}

/** @param late gives the error of a wait that took too long */
export function waiter<T>(options: WaitOptions, late: () => Error): Waiter<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  // It may end before anybody looks at it.
  promise.catch(() => {});
  let ended = false;
  const end = (settle: () => void) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    options.onEnd?.();
    settle();
  };
  const onAbort = () => end(() => reject(options.signal?.reason));
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => end(() => reject(late())), timerMs(options.timeoutMs));
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  return { promise, resolve: (value) => end(() => resolve(value)), reject: (error) => end(() => reject(error)) };
}
