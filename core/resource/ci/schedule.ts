import { hasTimer, installTimer, isInstalled, readJob, removeTimer, type Schedule, unitFiles } from "../../ci/index.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";

export const ciInstall: ActionImplementation = {
  run: async (input, { check }, context) => {
    const job = await readJob(input);
    const schedule: Schedule = {
      job: job.name,
      file: job.file,
      onCalendar: String(input.on_calendar),
      randomDelay: Number(input.random_delay),
      environmentFile: typeof input.environment_file === "string" ? input.environment_file : null,
    };
    const changed = !(await isInstalled(schedule, context.settings));
    const started = check ? false : await installTimer(schedule, context);
    return { changed, output: { ...unitFiles(job.name), started } };
  },
};

export const ciUninstall: ActionImplementation = {
  run: async (input, { check }, context) => {
    const job = String(input.job);
    const removed = check ? await hasTimer(job) : await removeTimer(job, context);
    return { changed: removed, output: { removed } };
  },
};
