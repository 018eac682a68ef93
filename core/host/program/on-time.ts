import { timerMs } from "../../kit/timer.ts";
/** Milliseconds, monotonic; without either, what is watched ends by itself. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** How something is ended: asked first, and after `graceMs` ended without asking. */
export interface Ending {
  readonly ask: () => void;
  readonly force: () => void;
  readonly graceMs: number;
}

/** A watch over something that runs. */
export interface Watch {
  /** Whether its time was over, and not the signal given. */
  readonly timedOut: () => boolean;
  /** It has ended: nothing is watched any more. */
  readonly release: () => void;
}

/** Ends something once its time is over or the signal is given. */
export function endOnTime({ signal, timeoutMs }: Limits, { ask, force, graceMs }: Ending): Watch {
  let timedOut = false;
  let killer: NodeJS.Timeout | undefined;
  const end = () => {
    ask();
    killer ??= setTimeout(force, graceMs);
  };
  const onLate = () => {
    timedOut = true;
    end();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(onLate, timerMs(timeoutMs));
  signal?.addEventListener("abort", end, { once: true });
  const release = () => {
    clearTimeout(timer);
    clearTimeout(killer);
    signal?.removeEventListener("abort", end);
  };
  return { timedOut: () => timedOut, release };
}
