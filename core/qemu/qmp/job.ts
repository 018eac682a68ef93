import { randomBytes } from "node:crypto";
import { isGone, ownOwner } from "../../host/owner.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { timerMs } from "../../kit/timer.ts";
import type { Qmp } from "./client.ts";
import type { JobInfo, JobStartCommands } from "./commands/index.ts";

export type JobCommand = keyof JobStartCommands;
/** What the command takes; the job's id and how it ends are added here. */
export type JobGiven<C extends JobCommand> = DistributiveOmit<
  JobStartCommands[C]["arguments"],
  "job-id" | "auto-dismiss" | "auto-finalize"
>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface JobOptions {
  /** Milliseconds for the whole job, without end where left out; then it is cancelled. */
  readonly timeoutMs?: number;
  /** Cancels the job. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (job: JobInfo) => void;
}

/** Block jobs vanish when they end, and what they failed of with them, unless told not to. */
const BLOCK_JOBS: readonly string[] = ["blockdev-backup", "blockdev-mirror", "block-stream", "block-commit"];
/** How often the progress is asked for (ms); changes of state come as events. */
const POLL_MS = 500;
/** How long a cancelled job may take to end (ms). */
const CANCEL_MS = 10_000;

/**
 * Runs a job to its end. A job says that it failed in `query-jobs` alone: it is kept until that was read, then dismissed.
 * One that becomes `ready` (mirror, commit of the active layer) is completed.
 * Throws `E_QMP_JOB` with QEMU's words, `E_QMP_JOB_TIMEOUT`, the signal's reason, and whatever `execute` throws.
 */
export async function runJob<C extends JobCommand>(
  qmp: Qmp,
  command: C,
  given: JobGiven<C>,
  options: JobOptions = {},
): Promise<void> {
  const id = jobId();
  const late = new GuestkitError("E_QMP_JOB_TIMEOUT", `Cannot finish ${command}: it took longer than it may`);
  const limit = timeLimit(options, late);
  try {
    await dismissForgotten(qmp);
    limit.signal.throwIfAborted();
    await start(qmp, command, { ...given, "job-id": id });
    const job = await untilConcluded(qmp, id, limit.signal, options.onProgress).catch(async (error) => {
      await cancel(qmp, id);
      throw error;
    });
    await qmp.execute("job-dismiss", { id });
    if (job.error !== undefined) throw new GuestkitError("E_QMP_JOB", `Cannot ${command} in QEMU: ${job.error}`);
  } finally {
    limit.release();
  }
}

async function start(qmp: Qmp, command: JobCommand, given: object): Promise<void> {
  const ending = BLOCK_JOBS.includes(command) ? { "auto-dismiss": false } : {};
  // Every one of them takes a job-id; which others, JobGiven has checked.
  await qmp.execute(command as "snapshot-delete", { ...given, ...ending } as never);
}

/** Names the process that waits for it: `guestkit-PID-TAG-RANDOM`. */
function jobId(): string {
  const { pid, tag } = ownOwner();
  return `guestkit-${pid}-${tag}-${randomBytes(6).toString("hex")}`;
}

/** Dismisses what ended after the guestkit that had started it was killed. */
async function dismissForgotten(qmp: Qmp): Promise<void> {
  for (const { id, status } of await qmp.execute("query-jobs")) {
    const [, pid, tag = ""] = /^guestkit-(\d+)-([0-9a-f]*)-/.exec(id) ?? [];
    if (status !== "concluded" || pid === undefined || !isGone({ pid: Number(pid), tag })) continue;
    await qmp.execute("job-dismiss", { id });
  }
}

/** Asks anew at each change of state, and now and then for progress and for events that were missed. */
async function untilConcluded(
  qmp: Qmp,
  id: string,
  signal: AbortSignal,
  onProgress?: (job: JobInfo) => void,
): Promise<JobInfo> {
  for (let completed = false; ; ) {
    const changed = qmp.waitForEvent("JOB_STATUS_CHANGE", {
      where: (data) => data.id === id,
      timeoutMs: POLL_MS,
      signal,
    });
    const job = (await qmp.execute("query-jobs")).find((each) => each.id === id);
    if (!job) throw new GuestkitError("E_QMP_JOB", "Cannot finish a job of QEMU: it is gone without its outcome");
    onProgress?.(job);
    if (job.status === "concluded") return job;
    if (job.status === "ready" && !completed) {
      await qmp.execute("job-complete", { id });
      completed = true;
    }
    await changed.catch((error) => {
      if (!(error instanceof GuestkitError && error.code === "E_QMP_TIMEOUT")) throw error;
    });
  }
}

/** Some jobs cannot be cancelled: those are waited for a while, and left to end alone after. */
async function cancel(qmp: Qmp, id: string): Promise<void> {
  try {
    await qmp.execute("job-cancel", { id }).catch(() => {});
    await untilConcluded(qmp, id, AbortSignal.timeout(CANCEL_MS));
    await qmp.execute("job-dismiss", { id });
  } catch {
    // What ended the job is told, not what came of ending it.
  }
}

function timeLimit({ timeoutMs, signal }: JobOptions, late: Error): { signal: AbortSignal; release: () => void } {
  const limit = new AbortController();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => limit.abort(late), timerMs(timeoutMs));
  return {
    signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    release: () => clearTimeout(timer),
  };
}
