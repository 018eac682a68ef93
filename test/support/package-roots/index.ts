import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fixture } from "../fixture.ts";
import { otherTools } from "../other-release.ts";
import { run } from "../tool.ts";

const execute = promisify(execFile);
const script = (name: string) => join(import.meta.dirname, name);

/** The last Debian whose rpm writes Berkeley DB: 4.16. */
const OLDER = {
  release: "bullseye",
  packages: [
    ...["rpm", "rpm-common", "librpm9", "librpmio9", "librpmbuild9", "librpmsign9", "libc6", "libgcc-s1", "libbz2-1.0"],
    ...["liblzma5", "libpcre2-8-0", "libselinux1", "zlib1g", "libacl1", "libdb5.3", "libgpg-error0", "libgcrypt20"],
    ...["liblz4-1", "libzstd1", "libelf1", "libpopt0", "liblua5.2-0", "libaudit1", "libcap-ng0", "libcap2"],
    ...["libsqlite3-0", "libmagic1", "libgomp1", "libdbus-1-3", "libsystemd0", "libarchive13", "libnettle8"],
  ],
};

/** What packages are compared by, as rpm's own query tells it. */
const QUERY =
  "%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SIZE}|%{VENDOR}|%{LICENSE}|%{INSTALLTIME}|%{SOURCERPM}\\n";

/** A folder that is a guest's root, and its packages as the family's own tool lists them. */
export interface PackageRoot {
  readonly root: string;
  readonly told: readonly string[];
}

type Rpm = (...args: readonly string[]) => Promise<string>;

/** A root whose packages rpm 4.18 keeps in SQLite, and one of 4.16's in Berkeley DB. */
export async function rpmRoots(): Promise<{ readonly sqlite: PackageRoot; readonly bdb: PackageRoot }> {
  const older = await otherTools(OLDER, async (tools) => {
    await tools.run("usr/bin/rpm", ["--version"]);
  });
  const home = join(older.root, "usr/lib/rpm");
  const old: Rpm = (...args) =>
    older.run("usr/bin/rpm", ["--rcfile", join(home, "rpmrc"), "--macros", join(home, "macros"), ...args]);
  const recipe = {
    OLDER,
    texts: await Promise.all(["rpm.sh", "index.ts"].map((each) => readFile(script(each), "utf8"))),
  };
  const dir = await fixture(
    "rpm-roots",
    recipe,
    (target) => build(target, old),
    async (made) => {
      for (const each of ["sqlite", "bdb"])
        if ((await listed(made, each)).length !== 31) throw new Error(`${each} is not whole`);
    },
  );
  const rootOf = async (name: string) => ({ root: join(dir, name), told: await listed(dir, name) });
  return { sqlite: await rootOf("sqlite"), bdb: await rootOf("bdb") };
}

const listed = async (dir: string, name: string) =>
  (await run("rpm", [...database(dir, name, name === "bdb" ? "bdb_ro" : name), "-qa", "--qf", QUERY]))
    .trim()
    .split("\n")
    .sort();

const database = (dir: string, name: string, backend: string) => [
  ...["--define", `_db_backend ${backend}`],
  ...["--dbpath", join(dir, name, "var/lib/rpm")],
];

async function build(target: string, old: Rpm): Promise<void> {
  const top = join(target, "top");
  await execute("sh", [script("rpm.sh"), top], { env: { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8" } });
  const folder = join(top, "RPMS/noarch");
  const files = (await readdir(folder)).map((name) => join(folder, name));
  const newer: Rpm = (...args) => run("rpm", args);
  for (const [name, rpm] of [
    ["sqlite", newer],
    ["bdb", old],
  ] as const) {
    await mkdir(join(target, name, "var/lib/rpm"), { recursive: true });
    const own = database(target, name, name);
    await rpm(...own, "-i", "--force", "--justdb", "--nodeps", "--noscripts", ...files);
    // What is gone leaves room behind in the database.
    await rpm(...own, "-e", "--justdb", "--noscripts", "part-7-lib");
    await mkdir(join(target, name, "etc"));
  }
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
