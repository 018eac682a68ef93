import { mkdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { run } from "../../support/tool.ts";
import type { Bed } from "../bed.ts";
import type { Look, Writer } from "../writer.ts";

const JOB = "home/config/guestkit/ci/job.yaml";
const WORK = "home/data/ci/job/work";
const identity = ["GIT_AUTHOR", "GIT_COMMITTER"].flatMap((who) => [
  [`${who}_NAME`, "Ada"],
  [`${who}_EMAIL`, "ada@example.org"],
]);

/** Files are told apart by content, links by where they lead; those that are not there are so, too. */
const file =
  (name: string): Look =>
  async (bed) => {
    const path = bed.at(join(WORK, name));
    return readlink(path).catch(() =>
      readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => String(error.code)),
    );
  };

async function git(bed: Bed, ...args: readonly string[]): Promise<void> {
  const key = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${bed.at("source/key")}`];
  const env = { ...Object.fromEntries(identity), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  await run("git", ["-C", bed.at("source/repository"), ...key, ...args], env);
}

async function commit(bed: Bed, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = bed.at(join("source/repository", name));
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, text);
  }
  await git(bed, "add", "--all");
  await git(bed, "commit", "--quiet", "-S", "-m", "more");
}

/** A signed repository, and a job over it that has run once. */
async function old(bed: Bed): Promise<void> {
  const repository = bed.at("source/repository");
  await mkdir(repository, { recursive: true });
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", bed.at("source/key")]);
  const key = (await readFile(bed.at("source/key.pub"), "utf8")).split(" ").slice(0, 2).join(" ");
  await writeFile(bed.at("source/signers"), `ada@example.org ${key}\n`);
  await git(bed, "init", "--quiet", "--initial-branch=main");
  await symlink("changed", join(repository, "link"));
  await commit(bed, { changed: "1\n", kept: "1\n", "folder/removed": "1\n" });
  await mkdir(bed.at(join(JOB, "..")), { recursive: true });
  const job = { version: 1, repository, apply: false, signers: { allowed_signers: bed.at("source/signers") } };
  await writeFile(bed.at(JOB), stringify(job));
  await bed.must(["ci", "run", "job"]);
}

async function declare(bed: Bed): Promise<void> {
  await rm(bed.at("source/repository/folder"), { recursive: true });
  await rm(bed.at("source/repository/link"));
  await symlink("kept", bed.at("source/repository/link"));
  await commit(bed, { changed: "2\n", "added/deep": "2\n" });
}

const FILES = ["changed", "kept", "folder/removed", "added/deep", "link"];

export const deliveries: readonly Writer[] = [
  {
    name: "ci-delivery",
    old,
    declare,
    command: ["ci", "run", "job"],
    things: Object.fromEntries(FILES.map((name) => [name, [file(name)]])),
  },
];
