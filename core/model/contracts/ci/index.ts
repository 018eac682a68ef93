import { job } from "./job.ts";
import { list, run, status } from "./run.ts";
import { install, uninstall } from "./schedule.ts";

export const ciContracts = [job, run, list, status, install, uninstall];
