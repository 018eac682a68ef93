/**
 * Milliseconds, the only limit that a test sets to how long something takes: a host that is busy with other tests stays
 * below it, and what waits for what never comes does not.
 */
export const HANG_MS = 180_000;
