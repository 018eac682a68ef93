export { dryRun } from "./dry-run.ts";
export { jobFile } from "./folder.ts";
export { demandValid, type Job, jobOf, listJobs, readJob } from "./job.ts";
export type { RunReport } from "./report/run-report.ts";
export { reportOf, runJob } from "./run.ts";
export { calendarOf, hasTimer, installTimer, isInstalled, removeTimer, type Schedule, unitFiles } from "./schedule.ts";
