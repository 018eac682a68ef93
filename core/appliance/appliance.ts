import type { Context } from "../kit/context.ts";
import { atSuddenEnd } from "../kit/ending.ts";
import { type Booted, type BootOptions, bootAppliance } from "./boot.ts";
import { buildAppliance } from "./build.ts";
import { type Job, runJob } from "./job.ts";
import { makePlace } from "./place.ts";
import { APPLIANCE, type Recipe } from "./recipe.ts";
import type { Report } from "./report.ts";

export interface ApplianceOptions extends Partial<BootOptions> {
  /** What it is built of; the one of every job where left out. */
  readonly recipe?: Recipe;
}

/** MiB. */
const MEMORY = 768;

/** A started appliance: takes jobs one after another. Once one of them was aborted, or hung, it is gone. */
export interface Appliance {
  /** Runs a job to its end, behind those that were given before. Throws what `runJob` throws. */
  run(job: Job, context: Context): Promise<Report>;
}

/**
 * Starts an appliance, hands it over, and ends it however `use` ends; it dies with this process. Throws what
 * `buildAppliance` and `bootAppliance` throw.
 */
export async function withAppliance<T>(
  options: ApplianceOptions,
  context: Context,
  use: (appliance: Appliance) => Promise<T>,
): Promise<T> {
  const { recipe = APPLIANCE, memory = MEMORY, network = false } = options;
  const built = await buildAppliance(recipe, context);
  await using place = await makePlace(context.settings);
  const booted = await bootAppliance(built, place, { memory, network }, context);
  const end = () => kill(booted);
  const forget = atSuddenEnd(end);
  try {
    return await use({ run: inTurn((job, own) => runJob({ ...booted, place, end }, job, own)) });
  } finally {
    end();
    forget();
  }
}

/** One after another, whether or not the one before failed. */
function inTurn<A extends unknown[], T>(work: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (...args) => {
    const next = before.then(() => work(...args));
    before = next.catch(() => {});
    return next;
  };
}

function kill({ qemu, job, live }: Booted): void {
  job.destroy();
  live.destroy();
  try {
    process.kill(qemu.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
