import { mkdir } from "node:fs/promises";
import { partialBeside, sweepPartials } from "../../host/partial.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { JobFolder } from "../folder.ts";
import type { Git } from "../git/git.ts";
import { deliver } from "./deliver.ts";

/**
 * Checks a verified commit out: into a fresh folder, byte by byte as it is in the repository, and from there into the
 * job's work folder. Submodules stay empty. Gives how many files there are. Throws `E_CI_PATH`, `E_CI_IN_THE_WAY`.
 */
export async function checkOut(commit: string, folder: JobFolder, git: Git, signal: AbortSignal): Promise<number> {
  await sweepPartials(folder.work);
  const files = await listFiles(commit, git, signal);
  demandNoState(files);
  await using fresh = partialBeside(folder.work, "tree");
  await using index = partialBeside(folder.work, "index");
  await mkdir(fresh.path, { recursive: true });
  const env = { GIT_WORK_TREE: fresh.path, GIT_INDEX_FILE: index.path };
  await git(["read-tree", commit], { signal, env });
  await git(["checkout-index", "--all", "--quiet"], { signal, env });
  await deliver(fresh.path, files, folder, signal);
  return files.length;
}

/** What a project owns is what this host knows of it: a commit that brings its own list would own whatever it likes. */
function demandNoState(files: readonly string[]): void {
  const found = files.find((each) => each.split("/").includes(".guestkit"));
  if (found === undefined) return;
  throw new GuestkitError(
    "E_CI_PATH",
    `Cannot check out "${found}": guestkit's own list of what a project owns lies there`,
    {
      help: "Remove .guestkit from the repository (git rm -r --cached) and put it into .gitignore.",
    },
  );
}

/** Paths of files and links; 160000 is a submodule's mode (gitformat-index(5)). */
async function listFiles(commit: string, git: Git, signal: AbortSignal): Promise<readonly string[]> {
  const { stdout } = await git(["ls-tree", "-r", "-z", "--full-tree", commit], { signal, encoding: "latin1" });
  const entries = stdout.split("\0").filter((each) => each !== "");
  const files = entries.filter((each) => !each.startsWith("160000 ")).map((each) => each.slice(each.indexOf("\t") + 1));
  return files.map(decoded);
}

function decoded(latin1: string): string {
  try {
    const path = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(latin1, "latin1"));
    // git refuses these as well when it reads a tree into an index.
    if (!path.split("/").some((each) => each === "" || each === "." || each === "..")) return path;
  } catch {
    // Told below.
  }
  throw new GuestkitError("E_CI_PATH", `Cannot check out ${JSON.stringify(latin1)}: its name is no UTF-8`, {
    help: "Rename it in the repository.",
  });
}
