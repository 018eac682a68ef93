import { join } from "node:path";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { jobFolder } from "./folder.ts";
import { openGit } from "./git/git.ts";
import { demandSafe, type Job } from "./job.ts";
import { Redactor } from "./redact.ts";
import { Recorder } from "./report/recorder.ts";
import { type Accepted, accept } from "./source.ts";
import { readState } from "./state.ts";

/** Fetches and verifies, and does nothing with it: neither report nor check-out change. Throws as a run does. */
export async function dryRun(
  job: Job,
  context: Context,
  allowRewind: boolean,
): Promise<{ readonly accepted: Accepted; readonly isNew: boolean }> {
  const folder = jobFolder(job.name, context.settings);
  await makeOwnFolder(folder.path);
  await demandSafe(folder.path);
  await using _lock = await takeLock(folder.path, context, { patience: 0, name: `CI job ${job.name}` });
  await using log = partialBeside(join(folder.path, "dry-run.log"), "log");
  const recorder = new Recorder(log.path, new Redactor(), context);
  const state = await readState(folder);
  const git = await openGit(job, folder);
  const accepted = await accept(job, {
    folder,
    git,
    state,
    recorder,
    allowRewind,
    runtimeDir: context.settings.runtimeDir,
  });
  return { accepted, isNew: state.passed !== accepted.commit.id };
}
