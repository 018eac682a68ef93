/** Longest time of a timer in Node (ms): one of more, some 24 days, would go off at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** A time as a timer takes it, in whole milliseconds: rounded up, and no longer than one can be. */
export const timerMs = (ms: number): number => Math.min(Math.max(0, Math.ceil(ms)), LONGEST_MS);

/** Aborts after so many seconds, as a user gives them. */
export const timeLimit = (seconds: number): AbortSignal => AbortSignal.timeout(timerMs(seconds * 1000));
