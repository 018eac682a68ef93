import type { FactKind } from "../fact.ts";
import { type CronJob, readCron } from "./cron.ts";
import { readTimers, type Timer } from "./timers.ts";

/** What runs by the clock. */
export interface Schedule {
  readonly cron: readonly CronJob[];
  readonly timers: readonly Timer[];
}

export const schedule: FactKind<Schedule> = {
  read: async ({ tree, units }) => ({ cron: await readCron(tree), timers: await readTimers(tree, units) }),
};
