import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import { fixture } from "../../test/support/fixture.ts";
import { dumpOf } from "../../test/support/package-roots/index.ts";
import type { Case } from "./cases.ts";
import type { Command } from "./measure.ts";

const run = promisify(execFile);
const RUNS = 10;
const COUNT = 2000;
const SCRIPT = join(import.meta.dirname, "many-packages.sh");

/** How much of rpm's CPU reading each of its databases may take. */
const AIMS = { sqlite: 0.5, bdb: 1.0 } as const;
type Kind = keyof typeof AIMS;

/** Systems with many packages, and one that has none: what is between them is what reading the packages takes. */
export async function packageCases(): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const made = await fixture("rpm-many", [COUNT, await readFile(SCRIPT, "utf8")], makeDatabases, (dir) =>
    run("rpm", ["--dbpath", join(dir, "sqlite"), "-q", "base"]),
  );
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-packages-"));
  for (const kind of ["none", ...(Object.keys(AIMS) as Kind[])]) await makeSystem(folder, kind, join(made, kind));
  const cases = (Object.keys(AIMS) as Kind[]).map((kind) => ({
    title: `packages: inspect ${COUNT.toLocaleString("en")} of rpm, ${kind}`,
    aim: `beyond a system without packages at most ${AIMS[kind].toFixed(1)} times the CPU of rpm, digests unchecked`,
    ours: guestkit("guestkit", join(folder, `${kind}.img`)),
    peers: [guestkit("guestkit, no packages", join(folder, "none.img")), rpm(kind, join(made, kind))],
  }));
  return { cases, close: () => rm(folder, { recursive: true, force: true }) };
}

const guestkit = (name: string, image: string): Command => {
  const bundle = join(import.meta.dirname, "../../cli/dist/guestkit.mjs");
  const words = [process.execPath, ...NODE_FLAGS, bundle, "inspect", "--no-cache", "--json", image];
  return { name, shell: `exec ${words.join(" ")}`, runs: RUNS };
};

const rpm = (kind: Kind, folder: string): Command => {
  const backend = kind === "bdb" ? "bdb_ro" : kind;
  const options = `--define '_db_backend ${backend}' --nodigest --nosignature --dbpath ${folder}`;
  return { name: "rpm -qa", shell: `exec rpm ${options} -qa`, runs: RUNS };
};

/** Berkeley DB by libdb's own loader: rpm does not write it any more. */
async function makeDatabases(target: string): Promise<void> {
  const top = join(target, "top");
  await run("sh", [SCRIPT, top, String(COUNT)]);
  const packages = join(top, "RPMS/noarch");
  const files = (await readdir(packages)).map((name) => join(packages, name));
  await Promise.all(["sqlite", "bdb", "none"].map((name) => mkdir(join(target, name))));
  const options = ["-i", "--force", "--justdb", "--nodeps", "--noscripts"];
  await run("rpm", ["--dbpath", join(target, "sqlite"), ...options, ...files]);
  await writeFile(join(top, "dump"), dumpOf(join(target, "sqlite/rpmdb.sqlite")));
  await run("db5.3_load", ["-f", join(top, "dump"), join(target, "bdb/Packages")]);
  await rm(top, { recursive: true });
}

async function makeSystem(folder: string, kind: string, database: string): Promise<void> {
  const root = join(folder, kind);
  for (const each of ["etc", "usr/bin", "var/lib"]) await mkdir(join(root, each), { recursive: true });
  await writeFile(join(root, "etc/os-release"), "ID=fedora\nVERSION_ID=40\n");
  await run("cp", ["-r", database, join(root, "var/lib/rpm")]);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", root, join(folder, `${kind}.img`), "200M"]);
}
