import { calendarOf, type Job, jobFile, listJobs, type RunReport, readJob, reportOf } from "../../ci/index.ts";
import type { QueryImplementation } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import type { ValueObject } from "../../model/value.ts";

export const ciJobs: QueryImplementation = {
  read: async (_input, context) => {
    const jobs = await Promise.all((await listJobs()).map((name) => describe(name, context)));
    return { jobs };
  },
};

/** A file with a fault is listed all the same: `ci run` tells what is wrong with it. */
async function describe(name: string, context: Context): Promise<ValueObject> {
  const job = await readJob({ job: name, config: jobFile(name) }).catch(() => null);
  const last = job && (await lastRun(job, context));
  return {
    name,
    repository: job?.repository ?? null,
    ref: job?.ref ?? null,
    on_calendar: await calendarOf(name),
    ...lastOf(last),
  };
}

export const ciStatus: QueryImplementation = {
  read: async (input, context) => {
    const job = await readJob(input);
    const last = await lastRun(job, context);
    return {
      ...lastOf(last),
      reason: last?.reason?.message ?? null,
      signer: last?.signer?.name ?? null,
      started_at: last?.started_at ?? null,
      steps: (last?.steps ?? []).map(({ name, result, seconds, detail }) => ({ name, result, seconds, detail })),
      report: reportOf(job, context).page,
      log: last?.log ?? null,
    };
  },
};

function lastRun(job: Job, context: Context): Promise<RunReport | null> {
  return reportOf(job, context).last();
}

function lastOf(run: RunReport | null): ValueObject {
  return { result: run?.result ?? null, commit: run?.commit?.id ?? null, ended_at: run?.ended_at ?? null };
}
