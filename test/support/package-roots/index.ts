import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "../fixture.ts";
import { run } from "../tool.ts";
import { linesOf, QUERY } from "./rpm-lines.ts";

const script = (name: string) => join(import.meta.dirname, name);

/** A folder that is a guest's root, and its packages as the family's own tool lists them. */
export interface PackageRoot {
  readonly root: string;
  readonly told: readonly string[];
}

/** A root whose packages the host's rpm keeps in SQLite. */
export async function rpmRoot(): Promise<PackageRoot> {
  const texts = await Promise.all(["rpm.sh", "rpm-lines.ts", "index.ts"].map((each) => readFile(script(each), "utf8")));
  const dir = await fixture("rpm-root", { texts }, build, async (made) => {
    if ((await listed(made)).length !== 31) throw new Error("a package is missing");
  });
  return { root: join(dir, "root"), told: await listed(dir) };
}

const folderOf = (dir: string) => join(dir, "root/var/lib/rpm");

const listed = async (dir: string) => linesOf(await run("rpm", ["--dbpath", folderOf(dir), "-qa", "--qf", QUERY]));

async function build(target: string): Promise<void> {
  const top = join(target, "top");
  await run("sh", [script("rpm.sh"), top]);
  const packages = join(top, "RPMS/noarch");
  const files = (await readdir(packages)).map((name) => join(packages, name));
  await mkdir(folderOf(target), { recursive: true });
  const own = ["--dbpath", folderOf(target)];
  await run("rpm", [...own, "-i", "--force", "--justdb", "--nodeps", "--noscripts", ...files]);
  // What is gone leaves room behind in the database.
  await run("rpm", [...own, "-e", "--justdb", "--noscripts", "part-7-lib"]);
  await rm(top, { recursive: true });
}

/** A root with packages of pacman's. */
export async function pacmanRoot(): Promise<PackageRoot> {
  const recipe = { text: await readFile(script("pacman.sh"), "utf8") };
  const told = async (dir: string) =>
    (
      await run("pacman", [
        "-r",
        join(dir, "root"),
        "-b",
        join(dir, "root/var/lib/pacman"),
        "--config",
        "/dev/null",
        "-Q",
      ])
    )
      .trim()
      .split("\n");
  const dir = await fixture(
    "pacman-root",
    recipe,
    (target) => run("sh", [script("pacman.sh"), target]),
    async (made) => {
      if ((await told(made)).length !== 3) throw new Error("a package is missing");
    },
  );
  return { root: join(dir, "root"), told: await told(dir) };
}
