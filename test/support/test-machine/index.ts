/**
 * A machine for tests of what the host's kernel may lack: LVM, md, LUKS, xfs of version 4. Disks go in, a script runs, the
 * disks and a report come out. It is guestkit's own appliance with more tools. README.md has what a script finds.
 */
import { readFile, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { withAppliance } from "../../../core/appliance/appliance.ts";
import { buildAppliance } from "../../../core/appliance/build.ts";
import type { JobDisk } from "../../../core/appliance/disks.ts";
import type { Report } from "../../../core/appliance/report.ts";
import type { Context } from "../../../core/kit/context.ts";
import { imageNode } from "../../../core/qemu/block/node.ts";
import { fixture, fixtureRoot } from "../fixture.ts";
import { holds } from "../proof.ts";
import { scratch } from "../scratch.ts";
import { TEST_MACHINE } from "./recipe.ts";

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
  /** Rejects with "Cannot run the test machine: ..." and the end of what was said. */
  run(job: Job): Promise<Done>;
}

/** A boot takes seconds on a quiet host, and many times that on a busy one. */
const DEADLINE_MS = 240_000;
const TAIL = 4000;

/** The machine, built and tried at the first call (some ten seconds). */
export async function testMachine(): Promise<TestMachine> {
  const { kernel } = await buildAppliance(TEST_MACHINE, await contextOf());
  const name = basename(dirname(kernel));
  const dir = await fixture("test-machine", [name, TRIAL], tryOut, (made) => holds(made, ["versions"]));
  return machineOf(name, await readFile(join(dir, "versions"), "utf8"));
}

/** What is built is kept where fixtures are, whatever cache folder a test has. */
async function contextOf(): Promise<Context> {
  const [dataDir, cacheDir] = [await scratch("test-machine-data"), fixtureRoot()];
  const settings = { dataDir, cacheDir, runtimeDir: await scratch("tm"), mirror: null };
  return { settings, signal: new AbortController().signal, progress: () => {} };
}

async function tryOut(dir: string): Promise<void> {
  const { report } = await machineOf("", "").run({ disks: {}, script: TRIAL });
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
python3.11 -c 'import hashlib, json, os, platform; print("python", platform.python_version())'
cd /lib/modules/*/ && sed 's/\\.ko:.*//' modules.dep | xargs modprobe -a
`;

function machineOf(name: string, versions: string): TestMachine {
  return {
    name,
    versions,
    run: (job) =>
      runJob(job).catch((cause: Error) => {
        throw new Error(`Cannot run the test machine: ${cause.message}`, { cause });
      }),
  };
}

async function runJob({ disks, script, files = {}, mayFail, deadlineMs = DEADLINE_MS }: Job): Promise<Done> {
  const context = await contextOf();
  const job = { disks: await prepare(disks), script, files, timeoutMs: deadlineMs };
  const report = await withAppliance({ recipe: TEST_MACHINE }, context, ({ run }) => run(job, context));
  if (report.code !== 0 && !mayFail) {
    throw new Error(`the script ended with ${report.code}: ${(report.stdout + report.stderr).slice(-TAIL)}`);
  }
  return { report, disks: Object.fromEntries(Object.entries(disks).map(([name, { path }]) => [name, path])) };
}

/** Makes the new ones. */
async function prepare(disks: Readonly<Record<string, TestDisk>>): Promise<Record<string, JobDisk>> {
  const prepared: Record<string, JobDisk> = {};
  for (const [name, { path, format = "raw", writable = false, size }] of Object.entries(disks)) {
    if (size !== undefined) {
      await writeFile(path, "");
      await truncate(path, size);
    }
    prepared[name] = { node: imageNode({ path, format }), isWritable: writable || size !== undefined };
  }
  return prepared;
}
