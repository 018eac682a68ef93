import { type Progress, progressText } from "@guestkit/core/kit";

/** Least time between two messages of one phase (ms): each is a line for good. */
const INTERVAL_MS = 5000;

/** Runs work and gives what is to be told of it meanwhile, then its result. Throws what it throws. */
export async function* told<T>(work: (progress: (event: Progress) => void) => Promise<T>): AsyncGenerator<string, T> {
  const waiting: string[] = [];
  let wake = () => {};
  let isDone = false;
  const isNew = onceInAWhile();
  const running = work((event) => {
    if (isNew(event)) waiting.push(progressText(event));
    wake();
  }).finally(() => {
    isDone = true;
    wake();
  });
  // Whoever stops to listen is not told of a failure.
  running.catch(() => {});
  while (!isDone || waiting.length > 0) {
    const message = waiting.shift();
    if (message !== undefined) yield message;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  return await running;
}

/** Each phase at its begin, and then from time to time; what went wrong always. */
function onceInAWhile(): (event: Progress) => boolean {
  let last: { readonly phase: string; readonly at: number } | undefined;
  return ({ phase, warning }) => {
    const now = performance.now();
    if (warning) return true;
    if (last?.phase === phase && now - last.at < INTERVAL_MS) return false;
    last = { phase, at: now };
    return true;
  };
}
