import { availableParallelism } from "node:os";

/** How many machines at once: as many as the host has processors, but at least two, and at most eight. */
export const defaultParallel = (): number => Math.min(8, Math.max(2, availableParallelism()));
/** Seconds for each machine: longer than an upgrade takes. */
export const DEFAULT_TIMEOUT = 3_600;
