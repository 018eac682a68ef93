/** One appliance for all jobs that this process has at the same time: images of one apply wait for one start. */
import type { Context } from "../kit/context.ts";
import { type Appliance, ApplianceGone, type ApplianceOptions, MEMORY, startAppliance } from "./appliance.ts";
import type { Job } from "./job.ts";
import type { Report } from "./report.ts";

type Options = Pick<ApplianceOptions, "memory" | "network">;

interface Shared {
  readonly memory: number;
  readonly network: boolean;
  /** Whose runtime folder it lives in. */
  readonly runtimeDir: string;
  readonly started: Promise<Appliance & AsyncDisposable>;
  users: number;
}

const running = new Set<Shared>();

/**
 * Runs a job in an appliance that jobs of the same kind share while there are any; the last one ends it. Throws what
 * `startAppliance` and `runJob` throw: of its own job alone.
 */
export async function runInAppliance(options: Options, job: Job, context: Context): Promise<Report> {
  for (;;) {
    context.signal.throwIfAborted();
    const { shared, isOurs } = join(options, context);
    try {
      const appliance = await startedFor(shared, isOurs);
      if (appliance) return await appliance.run(job, context);
    } catch (error) {
      if (!(error instanceof ApplianceGone)) throw error;
    } finally {
      await leave(shared);
    }
  }
}

/** The one that another job started may have failed by that one's fault: null then, and it is started anew. */
function startedFor({ started }: Shared, isOurs: boolean): Promise<Appliance | null> {
  return isOurs ? started : started.catch(() => null);
}

function join({ memory = MEMORY, network = false }: Options, context: Context) {
  const { runtimeDir } = context.settings;
  const fits = (each: Shared) => each.network === network && each.memory >= memory && each.runtimeDir === runtimeDir;
  const found = [...running].find(fits);
  if (found) found.users++;
  const shared = found ?? {
    memory,
    network,
    runtimeDir,
    started: startAppliance({ memory, network }, context),
    users: 1,
  };
  running.add(shared);
  return { shared, isOurs: !found };
}

async function leave(shared: Shared): Promise<void> {
  const appliance = await shared.started.catch(() => null);
  if (--shared.users > 0 && appliance && !appliance.isGone) return;
  // Nobody joins one that is gone; the last one that waits for it disposes of it.
  running.delete(shared);
  if (shared.users === 0) await appliance?.[Symbol.asyncDispose]();
}
