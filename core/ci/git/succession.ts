import { refusal } from "../refusal.ts";
import type { Git } from "./git.ts";

/**
 * Demands that a commit is the last accepted one or descends from it. Throws `E_CI_OLDER` for one of its ancestors and
 * `E_CI_REWRITTEN` for any other: an old signature stays good, and must not bring back what was left behind.
 */
export async function demandSuccession(
  commit: string,
  accepted: string | null,
  ref: string,
  git: Git,
  signal: AbortSignal,
): Promise<void> {
  if (accepted === null || accepted === commit || (await descends(accepted, commit, git, signal))) return;
  const what = `commit ${commit} of ${ref}`;
  const help = "If that is meant: guestkit ci run JOB --allow-rewind, once.";
  if (await descends(commit, accepted, git, signal)) {
    throw refusal("E_CI_OLDER", what, `it is older than ${accepted}, which was accepted before`, help);
  }
  throw refusal("E_CI_REWRITTEN", what, `it does not descend from ${accepted}, which was accepted before`, help);
}

/** A commit that the mirror does not have (128) is nobody's ancestor. */
async function descends(from: string, to: string, git: Git, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await git(["merge-base", "--is-ancestor", from, to], { signal, accept: [0, 1, 128] });
  return exitCode === 0;
}
