/**
 * A machine for tests of what the host's kernel may lack: LVM, md, LUKS, xfs of version 4. Disks go in, a script runs, the
 * disks and a report come out. Built once, from packages of the host's apt sources, into the fixture cache. README.md has
 * what a script finds.
 */
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fixture } from "../fixture.ts";
import { textOf } from "../guest-parts/recipe.ts";
import { holds } from "../proof.ts";
import { boot, type Device } from "./boot.ts";
import { buildTestMachine } from "./build.ts";
import { packJob, type Report, unpackReport } from "./job.ts";
import { ALL_PACKAGES } from "./packages.ts";

/** An image; attached for reading alone unless it is said to be writable. */
export interface TestDisk {
  readonly path: string;
  readonly format?: "raw" | "qcow2";
  readonly writable?: boolean;
  /** Makes the file anew, raw and empty, of so many bytes, for writing. */
  readonly size?: number;
}

export interface Job {
  /** By the names that the script sees below /disk: small letters, digits and hyphens, at most 20. */
  readonly disks: Readonly<Record<string, TestDisk>>;
  /** For /bin/sh, in the folder /job; what it writes to /sent/files comes back. */
  readonly script: string;
  /** Laid beside the script. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Give the report of a script that failed, too; else it is an error. */
  readonly mayFail?: boolean;
  readonly deadlineMs?: number;
}

export interface Done {
  readonly report: Report;
  /** Paths of the disks, as they went in. */
  readonly disks: Readonly<Record<string, string>>;
}

export interface TestMachine {
  /** Which machine this is: goes into the recipe of what it makes. */
  readonly name: string;
  /** What its tools and its kernel call themselves, a line each. */
  readonly versions: string;
  /** Rejects with "Cannot run the test machine: ..." and the console's end. */
  run(job: Job): Promise<Done>;
}

/** A boot takes seconds on a quiet host, and many times that on a busy one. */
const DEADLINE_MS = 240_000;
/** Slots of the machine's PCI bus, with what it needs itself. */
const MOST_DISKS = 24;

/** The machine, built and tried at the first call (under a minute). */
export async function testMachine(): Promise<TestMachine> {
  const dir = await fixture("test-machine", await recipe(), build, (made) =>
    holds(made, ["vmlinux", "initrd.cpio", "versions"]),
  );
  return machineIn(dir, await readFile(join(dir, "versions"), "utf8"));
}

async function build(dir: string): Promise<void> {
  await buildTestMachine(dir);
  const { report } = await machineIn(dir, "").run({ disks: {}, script: TRIAL });
  await writeFile(join(dir, "versions"), report.stdout);
}

/** Every tool starts, and every module of the list can be loaded. */
const TRIAL = `set -e
uname -r
lvm version | sed -n 's/ *LVM version: */lvm2 /p'
mdadm --version 2>&1
cryptsetup --version
mke2fs -V 2>&1 | head -1
mkfs.xfs -V
mkfs.btrfs --version
mkfs.vfat --help | head -1
python3 -c 'import hashlib, json, os, platform; print("python", platform.python_version())'
cd /lib/modules/*/ && sed 's/:.*//; s#.*/##; s/\\.ko$//' modules.dep | xargs modprobe -a
`;

function machineIn(dir: string, versions: string): TestMachine {
  return {
    name: basename(dir),
    versions,
    run: (job) =>
      runJob(dir, job).catch((cause: Error) => {
        throw new Error(`Cannot run the test machine: ${cause.message}`, { cause });
      }),
  };
}

async function runJob(
  dir: string,
  { disks, script, files = {}, mayFail, deadlineMs = DEADLINE_MS }: Job,
): Promise<Done> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-test-machine-"));
  try {
    const own = await packJob(work, script, files);
    const devices = [
      { serial: "job", path: own.job, format: "raw", writable: false } as const,
      { serial: "report", path: own.report, format: "raw", writable: true } as const,
      ...(await prepare(disks)),
    ];
    const kernel = join(dir, "vmlinux");
    const said = await boot({ kernel, initrd: join(dir, "initrd.cpio"), devices, deadlineMs });
    const report = await unpackReport(work, own.report);
    if (report === null) throw new Error(`it left no report; its console:\n${said}`);
    if (report.code !== 0 && !mayFail) throw new Error(`the script ended with ${report.code}; its console:\n${said}`);
    return { report, disks: Object.fromEntries(Object.entries(disks).map(([name, { path }]) => [name, path])) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Checks the disks and makes the new ones. */
async function prepare(disks: Readonly<Record<string, TestDisk>>): Promise<readonly Device[]> {
  const given = Object.entries(disks);
  if (given.length > MOST_DISKS) throw new Error(`${given.length} disks are more than ${MOST_DISKS}`);
  for (const [name, { path, size }] of given) {
    if (!/^[a-z0-9][a-z0-9-]{0,19}$/.test(name) || name === "job" || name === "report") {
      throw new Error(`"${name}" is no name for a disk`);
    }
    if (size === undefined) continue;
    await writeFile(path, "");
    await truncate(path, size);
  }
  return given.map(([serial, { path, format = "raw", writable = false, size }]) => ({
    serial,
    path,
    format,
    writable: writable || size !== undefined,
  }));
}

/** Everything that the machine is made of: the text of this folder and of the parts, and the names of packages. */
async function recipe(): Promise<readonly string[]> {
  const folders = [import.meta.dirname, join(import.meta.dirname, "../guest-parts")];
  const leftOut = new Set(["index.ts", "boot.ts", "job.ts", "oracle.ts"]);
  return [...ALL_PACKAGES, TRIAL, ...(await textOf(folders, (name) => leftOut.has(name) || name.endsWith(".md")))];
}
