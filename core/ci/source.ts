import type { JobFolder } from "./folder.ts";
import { type CommitFacts, commitFacts } from "./git/commit.ts";
import type { Git } from "./git/git.ts";
import { fetchRef } from "./git/mirror.ts";
import { publicAddress } from "./git/repository.ts";
import { demandSuccession } from "./git/succession.ts";
import type { Job } from "./job.ts";
import type { Recorder } from "./report/recorder.ts";
import type { JobState } from "./state.ts";
import { type Signer, verify } from "./verify/index.ts";

/** A commit that may be run. */
export interface Accepted {
  readonly ref: string;
  readonly commit: CommitFacts & { readonly id: string };
  readonly signer: Signer & { readonly by: "commit" | "tag" };
}

export interface Source {
  readonly folder: JobFolder;
  readonly git: Git;
  readonly state: JobState;
  readonly recorder: Recorder;
  readonly allowRewind: boolean;
  readonly runtimeDir: string;
}

/** Fetches and verifies. Throws what refuses the commit (`isRefusal`); nothing of its tree has been read then. */
export async function accept(job: Job, source: Source): Promise<Accepted> {
  const { folder, git, state, recorder, allowRewind, runtimeDir } = source;
  const { fetch: seconds } = job.timeouts;
  const fetched = await recorder.step("fetch", seconds, async (signal) => {
    const value = await fetchRef(job, folder, git, signal);
    return { value, detail: `${value.ref} of ${publicAddress(job.repository)} is ${value.oid}` };
  });
  return recorder.step("verify", seconds, async (signal) => {
    const { commit: id, signer, by } = await verify(job, fetched, git, { signal, runtimeDir });
    if (!job.allow_rewind && !allowRewind) await demandSuccession(id, state.accepted, fetched.ref, git, signal);
    const commit = { id, ...(await commitFacts(id, git, signal)) };
    const value: Accepted = { ref: fetched.ref, commit, signer: { ...signer, by } };
    return { value, detail: `${by} signed by ${signer.name}, ${signer.kind} key ${signer.key}: ${commit.subject}` };
  });
}
