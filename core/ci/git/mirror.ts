import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { partialBeside, sweepPartials } from "../../host/partial.ts";
import { writeFile } from "../../host/write-file.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { JobFolder } from "../folder.ts";
import type { Job } from "../job.ts";
import type { Git } from "./git.ts";
import { publicAddress } from "./repository.ts";

/** Where what was fetched last is kept in the mirror. */
export const CANDIDATE = "refs/guestkit/candidate";

/** A fetched branch or tag. */
export interface Fetched {
  /** `refs/heads/main`. */
  readonly ref: string;
  /** Of the commit, or of an annotated tag. */
  readonly oid: string;
}

/**
 * No attribute of the repository changes what is checked out: git looks here first (gitattributes(5)). What names a
 * filter finds none either, since only a configuration can tell what a filter runs.
 */
const ATTRIBUTES = "* -text !eol !crlf -ident !filter !working-tree-encoding !diff !merge\n";

/** Fetches the job's branch or tag into its mirror. Throws `E_CI_REF`, `E_TOOL_FAILED`. */
export async function fetchRef(job: Job, folder: JobFolder, git: Git, signal: AbortSignal): Promise<Fetched> {
  await prepareMirror(folder, git, signal);
  const ref = await findRef(job, git, signal);
  const doing = `fetch ${ref} of "${publicAddress(job.repository)}"`;
  const options = [
    "--quiet",
    "--force",
    "--no-tags",
    "--no-recurse-submodules",
    "--no-write-fetch-head",
    "--no-auto-gc",
  ];
  await git(["fetch", ...options, "--", job.repository, `+${ref}:${CANDIDATE}`], { signal, doing });
  const { stdout } = await git(["rev-parse", "--verify", CANDIDATE], { signal });
  return { ref, oid: stdout.trim() };
}

/** Made whole or not at all; what a killed git left in it is removed. */
async function prepareMirror(folder: JobFolder, git: Git, signal: AbortSignal): Promise<void> {
  await sweepPartials(folder.mirror);
  if (!(await stat(join(folder.mirror, "HEAD")).catch(() => null))) {
    await rm(folder.mirror, { recursive: true, force: true });
    await using partial = partialBeside(folder.mirror, "mirror");
    await git(["init", "--quiet", "--bare", "--template=", partial.path], { signal });
    await mkdir(join(partial.path, "info"), { recursive: true });
    await writeFile(join(partial.path, "info/attributes"), ATTRIBUTES);
    await rename(partial.path, folder.mirror);
  }
  await removeLeftovers(folder.mirror);
}

/** This job's lock is held: nobody else works in its mirror. */
async function removeLeftovers(mirror: string): Promise<void> {
  const below = async (path: string) =>
    (await readdir(join(mirror, path), { recursive: true }).catch(() => [])).map((each) => join(path, each));
  const names = [...(await readdir(mirror)), ...(await below("refs")), ...(await below("objects/pack"))];
  for (const name of names) {
    if (/\.lock$|(^|\/)tmp_[^/]*$/.test(name)) await rm(join(mirror, name), { recursive: true, force: true });
  }
}

async function findRef({ ref, repository }: Job, git: Git, signal: AbortSignal): Promise<string> {
  const wanted = ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  const doing = `list "${publicAddress(repository)}"`;
  const { stdout } = await git(["ls-remote", "--quiet", "--", repository, ...wanted], { signal, doing });
  const there = stdout.split("\n").map((line) => line.split("\t")[1] ?? "");
  const [found, second] = wanted.filter((each) => there.includes(each));
  if (found !== undefined && second === undefined) return found;
  const why = found === undefined ? "there is neither a branch nor a tag of that name" : "it is a branch and a tag";
  throw new GuestkitError("E_CI_REF", `Cannot fetch "${ref}" of "${publicAddress(repository)}": ${why}`, {
    at: { field: ["ref"] },
    help: `Name it in full: refs/heads/${ref} or refs/tags/${ref}.`,
  });
}
