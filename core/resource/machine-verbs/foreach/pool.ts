import { timerMs } from "../../../kit/timer.ts";
/** How a piece of work came to its end. */
export type Ending<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown }
  /** Its time was over, or everything was stopped. `abandoned`: it did not heed the signal, and may still go on. */
  | { readonly kind: "timed out" | "interrupted"; readonly abandoned: boolean }
  /** It was never begun. */
  | { readonly kind: "not started" };

export interface PoolOptions<I, T> {
  /** How many run at once. */
  readonly parallel: number;
  /** Milliseconds (monotonic) for each; null for as long as it takes. */
  readonly timeoutMs: number | null;
  /** Milliseconds that stopped work has to come to its end. */
  readonly graceMs: number;
  /** Begins no more and stops what runs. */
  readonly signal: AbortSignal;
  /** Whether nothing more is begun after such an ending; what runs goes on. */
  readonly isLast: (ending: Ending<T>) => boolean;
  /** Called for each item as it ends, in that order; what was never begun comes last. */
  readonly onEnd: (item: I, ending: Ending<T>, durationMs: number) => void;
}

/** Runs a piece of work for each item, few at a time. Never throws for what the work throws, and never waits for ever. */
export async function runPool<I, T>(
  items: readonly I[],
  work: (item: I, signal: AbortSignal) => Promise<T>,
  options: PoolOptions<I, T>,
): Promise<void> {
  const waiting = [...items];
  let isOver = false;
  const worker = async () => {
    while (!isOver && !options.signal.aborted) {
      const [item] = waiting.splice(0, 1);
      if (item === undefined) return;
      const started = performance.now();
      const ending = await runBounded((signal) => work(item, signal), options);
      isOver ||= options.isLast(ending);
      options.onEnd(item, ending, performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, items.length) }, worker));
  for (const item of waiting) options.onEnd(item, { kind: "not started" }, 0);
}

type Limits = Pick<PoolOptions<never, never>, "timeoutMs" | "graceMs" | "signal">;

async function runBounded<T>(work: (signal: AbortSignal) => Promise<T>, limits: Limits): Promise<Ending<T>> {
  const stop = new AbortController();
  const settled = settle(() => work(stop.signal));
  using halt = haltOf(limits);
  const first = await Promise.race([settled, halt.promise]);
  if (typeof first === "object") return first;
  stop.abort();
  using grace = timer(limits.graceMs);
  const last = await Promise.race([settled, grace.promise]);
  // What was nearly there, and got there, is done.
  if (last?.kind === "done") return last;
  return { kind: first, abandoned: last === null };
}

async function settle<T>(work: () => Promise<T>): Promise<Ending<T>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    return { kind: "failed", error };
  }
}

type Halt = "timed out" | "interrupted";

function haltOf({ timeoutMs, signal }: Limits): { readonly promise: Promise<Halt> } & Disposable {
  const { promise, resolve } = Promise.withResolvers<Halt>();
  const onAbort = () => resolve("interrupted");
  const late = timeoutMs === null ? undefined : setTimeout(() => resolve("timed out"), timerMs(timeoutMs));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const release = () => {
    clearTimeout(late);
    signal.removeEventListener("abort", onAbort);
  };
  return { promise, [Symbol.dispose]: release };
}

function timer(ms: number): { readonly promise: Promise<null> } & Disposable {
  const { promise, resolve } = Promise.withResolvers<null>();
  const running = setTimeout(() => resolve(null), timerMs(ms));
  return { promise, [Symbol.dispose]: () => clearTimeout(running) };
}
