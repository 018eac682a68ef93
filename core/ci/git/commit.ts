import { printable } from "../../kit/name.ts";
import type { Git } from "./git.ts";

/** What a report says of a commit. Its author chose every word: bounded, and without what moves a terminal. */
export interface CommitFacts {
  readonly subject: string;
  readonly author: string;
  /** ISO 8601. */
  readonly committed_at: string;
}

const LONGEST = 200;

export async function commitFacts(commit: string, git: Git, signal: AbortSignal): Promise<CommitFacts> {
  const format = "--format=%an <%ae>%x00%cI%x00%s";
  const { stdout } = await git(["show", "--no-patch", "--no-show-signature", "--no-color", format, commit, "--"], {
    signal,
  });
  const [author = "", at = "", subject = ""] = stdout.replace(/\n$/, "").split("\0");
  const short = (text: string) => printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);
  return { author: short(author), committed_at: short(at), subject: short(subject) };
}
