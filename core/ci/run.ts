import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { sweepPartialsIn } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { jobFolder } from "./folder.ts";
import { openGit } from "./git/git.ts";
import { publicAddress } from "./git/repository.ts";
import { demandSafe, type Job } from "./job.ts";
import { ENVIRONMENT_FILE, Redactor } from "./redact.ts";
import { isRefusal } from "./refusal.ts";
import { ReportFolder, runId } from "./report/folder.ts";
import { Recorder } from "./report/recorder.ts";
import type { RunReport, RunResult } from "./report/run-report.ts";
import { type Accepted, accept } from "./source.ts";
import { readState, writeState } from "./state.ts";
import { type Worked, work } from "./work/index.ts";

export interface RunOptions {
  readonly context: Context;
  /** An engine for the project file in a folder. */
  readonly engineFor: (baseDir: string) => Engine;
  /** This once, whatever the job says. */
  readonly allowRewind: boolean;
}

/** What came of a run that did not fail. */
export interface RunOutcome {
  readonly report: RunReport;
  readonly page: string;
}

/** The report of a job, wherever it is. */
export function reportOf(job: Job, { settings }: Context): ReportFolder {
  return new ReportFolder(job.report ?? jobFolder(job.name, settings).report, job.keep);
}

/**
 * Runs a job, alone: another run of it at the same time throws `E_LOCKED`. Whatever comes of it is in the report.
 * Throws what refused it (`isRefusal`), what failed (`E_CI_FAILED` around it), and `E_INTERRUPTED`.
 */
export async function runJob(job: Job, options: RunOptions): Promise<RunOutcome> {
  const folder = jobFolder(job.name, options.context.settings);
  await makeOwnFolder(folder.path);
  await using _lock = await takeLock(folder.path, options.context, { patience: 0, name: `CI job ${job.name}` });
  await sweepPartialsIn(folder.path);
  const reports = reportOf(job, options.context);
  await reports.prepare();
  return await new JobRun(job, options, reports, await freeId(reports)).run();
}

/** Two runs may start in the same millisecond of a clock that was set back. */
async function freeId(reports: ReportFolder): Promise<string> {
  const id = runId(new Date());
  const taken = (await readdir(join(reports.path, "runs"))).filter((each) => each.startsWith(id)).length;
  return taken === 0 ? id : `${id}-${taken}`;
}

class JobRun {
  readonly #job: Job;
  readonly #options: RunOptions;
  readonly #reports: ReportFolder;
  readonly #redactor = new Redactor();
  readonly #recorder: Recorder;
  #report: RunReport;

  constructor(job: Job, options: RunOptions, reports: ReportFolder, id: string) {
    this.#job = job;
    this.#options = options;
    this.#reports = reports;
    const log = reports.logFile(id);
    this.#recorder = new Recorder(log, this.#redactor, options.context);
    this.#report = {
      ...{ format_version: 1, id, job: job.name, result: "running", exit_code: null, reason: null },
      ...{ repository: publicAddress(job.repository), ref: job.ref, commit: null, previous_commit: null, signer: null },
      ...{ started_at: new Date().toISOString(), ended_at: null, steps: [], changes: [], checks: [], log },
    };
  }

  async run(): Promise<RunOutcome> {
    this.#redactor.add([/^[a-z+]+:\/\/([^/@]*)@/i.exec(this.#job.repository)?.[1] ?? ""]);
    this.#redactor.addEnvironmentFile(process.env[ENVIRONMENT_FILE]);
    await this.#reports.write(this.#report);
    try {
      const { accepted, worked } = await this.#steps();
      const changed = worked.changes.length > 0 || worked.tasks > 0 || worked.checks.length > 0;
      await this.#end(changed ? "passed" : "unchanged", null);
      await writeState(jobFolder(this.#job.name, this.#options.context.settings), {
        accepted: accepted.commit.id,
        passed: accepted.commit.id,
      });
      return { report: this.#report, page: this.#reports.page };
    } catch (thrown) {
      const error = asGuestkitError(thrown);
      await this.#end(this.#resultOf(error), error);
      throw this.#failure(error);
    }
  }

  async #steps(): Promise<{ accepted: Accepted; worked: Worked }> {
    const { context, allowRewind } = this.#options;
    const folder = jobFolder(this.#job.name, context.settings);
    await demandSafe(folder.path);
    const git = await openGit(this.#job, folder);
    const state = await readState(folder);
    this.#note({ previous_commit: state.accepted });
    const accepted = await accept(this.#job, {
      ...{ folder, git, state, recorder: this.#recorder, allowRewind },
      runtimeDir: context.settings.runtimeDir,
    });
    this.#note({ ref: accepted.ref, commit: accepted.commit, signer: accepted.signer });
    await writeState(folder, { ...state, accepted: accepted.commit.id });
    const worked = await work(this.#job, {
      ...{ folder, git, context, engineFor: this.#options.engineFor },
      ...{ recorder: this.#recorder, redactor: this.#redactor },
      commit: accepted.commit.id,
      isNew: state.passed !== accepted.commit.id,
      note: (each) => this.#note(each),
    });
    return { accepted, worked };
  }

  #note(known: Partial<RunReport>): void {
    this.#report = { ...this.#report, ...known };
  }

  #resultOf(error: GuestkitError): RunResult {
    if (this.#options.context.signal.aborted) return "interrupted";
    return isRefusal(error) ? "refused" : "failed";
  }

  async #end(result: RunResult, error: GuestkitError | null): Promise<void> {
    const plain = (text: string) => this.#recorder.plain(text);
    const reason = error && {
      code: error.code,
      message: plain(error.message),
      help: error.help ? plain(error.help) : null,
    };
    this.#recorder.say(`${result}${reason ? `: ${reason.message}` : ""}`);
    this.#note({
      result,
      reason,
      exit_code: error ? 1 : 0,
      ended_at: new Date().toISOString(),
      steps: this.#recorder.steps,
    });
    await this.#reports.write(this.#report);
  }

  /** What the caller is told: where to read on as well. */
  #failure(error: GuestkitError): GuestkitError {
    if (this.#options.context.signal.aborted) return error;
    const help = [error.help, `Report: ${this.#reports.page}`].filter((each) => each !== undefined).join("\n");
    const message = this.#recorder.plain(error.message);
    if (isRefusal(error)) return new GuestkitError(error.code, message, { help, at: error.at });
    return new GuestkitError("E_CI_FAILED", `Cannot finish the CI job ${this.#job.name}: ${message}`, {
      cause: new GuestkitError(error.code, message),
      help: this.#recorder.plain(help),
    });
  }
}
