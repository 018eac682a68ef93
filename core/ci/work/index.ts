import type { Engine } from "../../engine/engine.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { lockProject } from "../../project/apply.ts";
import { hasChanges, type ProjectPlan } from "../../project/plan.ts";
import type { JobFolder } from "../folder.ts";
import type { Git } from "../git/git.ts";
import type { Job } from "../job.ts";
import type { Redactor } from "../redact.ts";
import type { Recorder } from "../report/recorder.ts";
import type { CheckReport, RunReport } from "../report/run-report.ts";
import { checkOut } from "./check-out.ts";
import { runChecks } from "./checks.ts";
import { doMachineTask, type MachineTask, machineTasks } from "./machines.ts";
import { applyOpen, describeChanges, type OpenProject, openProject, planOpen, wasMade } from "./project.ts";
import { demandPlannedApart, demandUnshared } from "./shares.ts";

export interface Work {
  readonly folder: JobFolder;
  readonly git: Git;
  readonly context: Context;
  readonly engineFor: (baseDir: string) => Engine;
  readonly recorder: Recorder;
  readonly redactor: Redactor;
  readonly commit: string;
  /** No run has passed with this commit yet. */
  readonly isNew: boolean;
  /** Puts into the report what is known so far. */
  readonly note: (known: Partial<RunReport>) => void;
}

/** What was done with a verified commit. */
export interface Worked {
  readonly changes: RunReport["changes"];
  /** So many machines were recycled or provisioned. */
  readonly tasks: number;
  readonly checks: readonly CheckReport[];
}

/** Everything after the verification. Throws what fails first; checks all run, and fail with `E_CI_CHECK`. */
export async function work(job: Job, given: Work): Promise<Worked> {
  const { recorder, folder, git, context, commit } = given;
  const open = await recorder.step("check out", job.timeouts.fetch, async (signal) => {
    await demandUnshared(folder, context.settings);
    const files = await checkOut(commit, folder, git, signal);
    const value = needsProject(job) ? await openProject(folder.work, job.project, given.engineFor) : null;
    if (value) given.redactor.addProject(value.project);
    return { value, detail: `${files} files` };
  });
  const changes = open ? await applied(job, open, given) : [];
  const tasks = open ? await recycled(job, open, changes, given) : 0;
  const checks = await runChecks(job.checks, {
    ...{ engine: open?.engine ?? given.engineFor(folder.work), work: folder.work, recorder, signal: context.signal },
    env: { GUESTKIT_CI_JOB: job.name, GUESTKIT_CI_COMMIT: commit },
  });
  given.note({ checks });
  const failed = checks.filter(({ result }) => result === "failed");
  if (failed.length === 0) return { changes, tasks, checks };
  const [first] = failed;
  const message = `${failed.length} of ${checks.length} checks failed: ${failed.map(({ name }) => name).join(", ")}`;
  throw new GuestkitError("E_CI_CHECK", first?.output ? `${message}\n${first.output}` : message, {
    help: "Look at what they said in the report.",
  });
}

function needsProject({ apply, recycle, provision }: Job): boolean {
  return apply || recycle.length > 0 || provision.length > 0;
}

async function applied(
  job: Job,
  open: OpenProject,
  { folder, recorder, context, note }: Work,
): Promise<RunReport["changes"]> {
  if (!job.apply) return [];
  await using _lock = await lockProject(open.file, { ...open, signal: context.signal });
  const { apply: seconds } = job.timeouts;
  const plan = await recorder.step("plan", seconds, async (signal) => {
    const value: ProjectPlan = await planOpen(open, signal);
    await demandPlannedApart(value, open.project.baseDir, folder);
    if (!hasChanges(value)) return { value, result: "unchanged", detail: "everything is as declared" };
    return { value, detail: describeChanges(value) };
  });
  if (!hasChanges(plan)) {
    // What a killed run left beside a thing is cleared all the same.
    await applyOpen(open, plan, { signal: context.signal });
    return [];
  }
  const changes: { address: string; action: string }[] = [];
  const onDone = ({ address, action }: { address: string; action: string }) => {
    changes.push({ address, action });
    note({ changes: [...changes] });
    recorder.say(`apply: ${action} ${address}`);
  };
  await recorder.step("apply", seconds, async (signal) => {
    await applyOpen(open, plan, { signal, onDone, progressFor: () => context.progress });
    await demandUnshared(folder, context.settings);
    return { value: null, detail: `${changes.length} changes` };
  });
  return changes;
}

async function recycled(job: Job, open: OpenProject, changes: RunReport["changes"], given: Work): Promise<number> {
  let done = 0;
  for (const task of machineTasks(open, job)) {
    const why = needless(task, changes, given);
    const name = `${task.verb} ${task.name}`;
    if (why !== null) given.recorder.skip(name, why);
    else {
      await given.recorder.step(name, job.timeouts.machine, async (signal) => {
        const detail = await doMachineTask(open, task, { signal, progress: given.context.progress });
        return { value: null, detail };
      });
      done++;
    }
  }
  return done;
}

function needless({ address }: MachineTask, changes: RunReport["changes"], { isNew }: Work): string | null {
  if (!isNew) return "there is no new commit";
  return wasMade(address, changes) ? "the apply has just made it" : null;
}
