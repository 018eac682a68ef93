import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { fixture } from "../fixture.ts";
import { run } from "../tool.ts";

const execute = promisify(execFile);
const script = (name: string) => join(import.meta.dirname, name);

/** What packages are compared by, as rpm's own query tells it. */
const QUERY =
  "%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SIZE}|%{VENDOR}|%{LICENSE}|%{INSTALLTIME}|%{SOURCERPM}\\n";

/** A folder that is a guest's root, and its packages as the family's own tool lists them. */
export interface PackageRoot {
  readonly root: string;
  readonly told: readonly string[];
}

/** A root whose packages rpm keeps in SQLite, and the same ones in Berkeley DB, as rpm did until 4.16, by libdb's own loader. */
export async function rpmRoots(): Promise<{ readonly sqlite: PackageRoot; readonly bdb: PackageRoot }> {
  const recipe = { texts: await Promise.all(["rpm.sh", "index.ts"].map((each) => readFile(script(each), "utf8"))) };
  const dir = await fixture("rpm-roots", recipe, build, async (made) => {
    for (const each of ["sqlite", "bdb"] as const) {
      if ((await listed(made, each)).length !== 31) throw new Error(`${each} is not whole`);
    }
  });
  const rootOf = async (name: "sqlite" | "bdb") => ({ root: join(dir, name), told: await listed(dir, name) });
  return { sqlite: await rootOf("sqlite"), bdb: await rootOf("bdb") };
}

const folderOf = (dir: string, name: string) => join(dir, name, "var/lib/rpm");

/** By rpm itself, which reads Berkeley DB still. */
async function listed(dir: string, name: "sqlite" | "bdb"): Promise<readonly string[]> {
  const backend = name === "bdb" ? "bdb_ro" : name;
  const told = await run("rpm", [
    "--define",
    `_db_backend ${backend}`,
    "--dbpath",
    folderOf(dir, name),
    "-qa",
    "--qf",
    QUERY,
  ]);
  return told.trim().split("\n").sort();
}

async function build(target: string): Promise<void> {
  const top = join(target, "top");
  await execute("sh", [script("rpm.sh"), top], { env: { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8" } });
  const packages = join(top, "RPMS/noarch");
  const files = (await readdir(packages)).map((name) => join(packages, name));
  for (const name of ["sqlite", "bdb"]) await mkdir(folderOf(target, name), { recursive: true });
  const own = ["--dbpath", folderOf(target, "sqlite")];
  await run("rpm", [...own, "-i", "--force", "--justdb", "--nodeps", "--noscripts", ...files]);
  // What is gone leaves room behind in the database.
  await run("rpm", [...own, "-e", "--justdb", "--noscripts", "part-7-lib"]);
  await writeFile(join(top, "dump"), dumpOf(join(folderOf(target, "sqlite"), "rpmdb.sqlite")));
  await run("db5.3_load", ["-f", join(top, "dump"), join(folderOf(target, "bdb"), "Packages")]);
  await rm(top, { recursive: true });
}

/** Headers by their numbers, as db_load(1) takes them; under 0 stands the last number that was given. */
export function dumpOf(path: string): string {
  using database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT hnum, blob FROM Packages").all() as unknown as {
    hnum: number;
    blob: Uint8Array;
  }[];
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes.toString("hex");
  };
  const last = Math.max(...rows.map(({ hnum }) => hnum));
  const pairs = [
    [number(0), number(last)],
    ...rows.map(({ hnum, blob }) => [number(hnum), Buffer.from(blob).toString("hex")]),
  ];
  const head = ["VERSION=3", "format=bytevalue", "type=hash", "db_pagesize=4096", "HEADER=END"];
  return [...head, ...pairs.flat().map((each) => ` ${each}`), "DATA=END", ""].join("\n");
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
