import type { Context } from "../kit/context.ts";
import { atSuddenEnd } from "../kit/ending.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type BootOptions, bootAppliance } from "./boot.ts";
import { buildAppliance } from "./build.ts";
import { type Job, type Running, runJob } from "./job.ts";
import { makePlace } from "./place.ts";
import { APPLIANCE, type Recipe } from "./recipe.ts";
import type { Report } from "./report.ts";

export interface ApplianceOptions extends Partial<BootOptions> {
  /** What it is built of; the one of every job where left out. */
  readonly recipe?: Recipe;
}

/** MiB. */
export const MEMORY = 768;

/** A job that came behind one which ended the appliance: nothing of it was begun. */
export class ApplianceGone extends GuestkitError {
  constructor() {
    super("E_APPLIANCE_DIED", "Cannot run the job in the appliance: a job before it has ended it", {
      help: "Run again: the next one starts another.",
    });
  }
}

/** A started appliance: takes jobs one after another. Once one of them was aborted, or hung, it is gone. */
export interface Appliance {
  /** Whether it was ended: it takes no job any more. */
  readonly isGone: boolean;
  /** Runs a job to its end, behind those that were given before. Throws what `runJob` throws, `ApplianceGone`. */
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
  await using started = await startAppliance(options, context);
  return await use(started);
}

/** The same for whoever ends it himself, by disposing of it. */
export async function startAppliance(
  { recipe = APPLIANCE, memory = MEMORY, network = false }: ApplianceOptions,
  context: Context,
): Promise<Appliance & AsyncDisposable> {
  const built = await buildAppliance(recipe, context);
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await makePlace(context.settings));
  const booted = await bootAppliance(built, place, { memory, network }, context);
  let isGone = false;
  const end = () => {
    isGone = true;
    kill(booted);
  };
  stack.defer(atSuddenEnd(end));
  stack.defer(end);
  const kept = stack.move();
  const run = inTurn(async (job: Job, own: Context) => {
    if (isGone) throw new ApplianceGone();
    return await runJob({ ...booted, place, end }, job, own);
  });
  return {
    get isGone() {
      return isGone;
    },
    run,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
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

function kill({ qemu, job, live }: Omit<Running, "place" | "end">): void {
  job.destroy();
  live.destroy();
  try {
    process.kill(qemu.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
