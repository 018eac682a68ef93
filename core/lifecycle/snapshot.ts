import { type Chain, chainNode } from "../build/chain.ts";
import { isAlive } from "../host/owner.ts";
import { info, type SnapshotInfo } from "../inspect/index.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { effectiveMachine } from "../machine/disks/effective.ts";
import { diskChain, writtenFile } from "../machine/disks/own-disk.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { Machine } from "../machine/machine.ts";
import type { MachineMemory } from "../machine/memory.ts";
import { writeRun } from "../machine/run.ts";
import { qemuImg } from "../qemu/block/img.ts";
import { nodeName } from "../qemu/block/node.ts";
import { diskId } from "../qemu/options/id.ts";
import { runJob } from "../qemu/qmp/index.ts";
import { connectMachine, isRunning, runningOf } from "./look/look.ts";
import { startMachine } from "./start.ts";
import { killMachine } from "./stop.ts";
import { hasOverlays } from "./template/guard.ts";
import { machinesOver } from "./template/leaning.ts";

/** A disk that takes part in snapshots: one that the guest writes to, in qcow2. */
interface Written {
  readonly node: string;
  readonly path: string;
  /** It with all that it leans on. */
  readonly chain: Chain;
}

/** Snapshots of a machine: those that all of its written disks have. */
export async function listSnapshots(
  machine: Machine,
  folder: MachineFolder,
  context: Context,
): Promise<readonly SnapshotInfo[]> {
  const disks = await writtenDisks(machine, folder, context);
  const [first = [], ...others] = await Promise.all(
    disks.map(async ({ path }) => (await info(path, { format: "qcow2" })).snapshots),
  );
  return first.filter(({ name }) => others.every((each) => each.some((other) => other.name === name)));
}

/** Takes one: with the guest's memory while it runs, of its disks alone otherwise. Throws `E_SNAPSHOT_EXISTS`. */
export async function takeSnapshot(
  machine: Machine,
  folder: MachineFolder,
  tag: string,
  context: Context,
): Promise<void> {
  const disks = await writtenDisks(machine, folder, context);
  const [first] = disks;
  if (!first) throw nothingWritten(machine);
  if ((await listSnapshots(machine, folder, context)).some(({ name }) => name === tag)) throw exists(machine, tag);
  context.progress({ phase: "taking a snapshot", detail: tag });
  if (!(await isRunning(folder))) return eachOffline(disks, ["-c", tag], `take the snapshot "${tag}"`);
  await using qmp = await connectMachine(folder, context);
  const devices = disks.map(({ node }) => node);
  await runJob(qmp, "snapshot-save", { tag, devices, vmstate: first.node }, { signal: context.signal });
}

/**
 * Brings disks, and memory where it is in the snapshot, back. A machine that stands still is started for a memory;
 * one that runs cannot take a snapshot without. Throws `E_SNAPSHOT_UNKNOWN`, `E_SNAPSHOT_DISKS_ONLY`,
 * `E_BASE_HAS_OVERLAYS`.
 */
export async function revertSnapshot(
  memory: MachineMemory,
  folder: MachineFolder,
  tag: string,
  context: Context,
): Promise<void> {
  const { machine } = memory;
  const found = await demandSnapshot(machine, folder, tag, context);
  const disks = await writtenDisks(machine, folder, context);
  await demandNotLeanedOn(machine, disks, context);
  context.progress({ phase: "going back to the snapshot", detail: tag });
  const running = await isRunning(folder);
  if (found.vm_state_size === 0 && running) throw disksOnly(machine, tag);
  if (found.vm_state_size === 0) return eachOffline(disks, ["-a", tag], `go back to "${tag}"`);
  try {
    // What it would do until the memory is there is thrown away: readiness is that of the snapshot.
    if (!running) await writeRun(folder, { ...(await startMachine(memory, folder, context)), ready: null });
    await loadMemory(disks, folder, tag, context);
  } catch (error) {
    // A guest that runs over disks and memory of two times would damage them.
    if (!running) await killMachine(folder);
    throw error;
  }
}

/** Copies of other machines that are kept would find another content below them. */
async function demandNotLeanedOn({ name }: Machine, disks: readonly Written[], { settings }: Context): Promise<void> {
  const files = disks.map(({ path }) => path);
  const names = await machinesOver(files, settings, { except: name });
  if (names.length > 0) throw hasOverlays("go back to a snapshot of", name, names);
}

async function loadMemory(disks: readonly Written[], folder: MachineFolder, tag: string, context: Context) {
  await using qmp = await connectMachine(folder, context);
  // A machine that is to be replaced whole must not run on meanwhile.
  await qmp.execute("stop");
  const devices = disks.map(({ node }) => node);
  await runJob(qmp, "snapshot-load", { tag, devices, vmstate: devices[0] ?? "" }, { signal: context.signal });
  await qmp.execute("cont");
}

/** Throws `E_SNAPSHOT_UNKNOWN`. */
export async function deleteSnapshot(
  machine: Machine,
  folder: MachineFolder,
  tag: string,
  context: Context,
): Promise<void> {
  await demandSnapshot(machine, folder, tag, context);
  const disks = await writtenDisks(machine, folder, context);
  if (!(await isRunning(folder))) return eachOffline(disks, ["-d", tag], `delete the snapshot "${tag}"`);
  await using qmp = await connectMachine(folder, context);
  const devices = disks.map(({ node }) => node);
  await runJob(qmp, "snapshot-delete", { tag, devices }, { signal: context.signal });
}

async function demandSnapshot(
  machine: Machine,
  folder: MachineFolder,
  tag: string,
  context: Context,
): Promise<SnapshotInfo> {
  const all = await listSnapshots(machine, folder, context);
  const found = all.find(({ name }) => name === tag);
  if (found) return found;
  const known = all.map(({ name }) => name).join(", ") || "none";
  throw new GuestkitError(
    "E_SNAPSHOT_UNKNOWN",
    `Cannot use the snapshot "${tag}" of "${machine.name}": there is none`,
    {
      help: `It has: ${known}.`,
    },
  );
}

/** Throws `E_SNAPSHOT_RAW` where a disk keeps no snapshots, `E_SNAPSHOT_ANEW` where it is made at the next start. */
async function writtenDisks(
  machine: Machine,
  folder: MachineFolder,
  { settings }: Context,
): Promise<readonly Written[]> {
  const run = await runningOf(folder);
  const started = run?.qemu && isAlive(run.qemu) ? (run.machine ?? machine) : null;
  const { disks: all } = await effectiveMachine(started ?? machine, settings);
  const written = Object.entries(all).filter(([, { read_only }]) => !read_only);
  const fresh = started ? undefined : written.find(([, { own }]) => own !== undefined);
  if (fresh) throw madeAnew(machine, fresh[0]);
  return await Promise.all(
    written.map(async ([name, disk]) => {
      const chain = await diskChain(name, disk, folder);
      const format = chain[0].format;
      if (format !== "qcow2") throw keepsNone(machine, name, String(format));
      return { node: diskId(name), path: writtenFile(name, disk, folder), chain };
    }),
  );
}

async function eachOffline(disks: readonly Written[], args: readonly string[], doing: string): Promise<void> {
  for (const { path, chain } of disks) {
    await qemuImg(["snapshot", ...args, nodeName(chainNode(chain))], { doing, image: path });
  }
}

function keepsNone(machine: Machine, disk: string, format: string): GuestkitError {
  return new GuestkitError("E_SNAPSHOT_RAW", `Cannot snapshot "${machine.name}": its disk "${disk}" is ${format}`, {
    at: { field: ["disks", disk] },
    help: "Only qcow2 keeps snapshots: set overlay or read_only of the disk to true.",
  });
}

function madeAnew({ name }: Machine, disk: string): GuestkitError {
  const message = `Cannot use snapshots of "${name}" while it stands still: its disk "${disk}" is made anew at every start`;
  return new GuestkitError("E_SNAPSHOT_ANEW", message, {
    at: { field: ["disks", disk] },
    help: `They last as long as one start: guestkit vm up ${name}`,
  });
}

function nothingWritten({ name }: Machine): GuestkitError {
  return new GuestkitError("E_SNAPSHOT_DISKS", `Cannot snapshot "${name}": it has no disk that it writes to`, {
    help: "A snapshot is kept in the machine's qcow2 disks: give it one.",
  });
}

function exists({ name }: Machine, tag: string): GuestkitError {
  return new GuestkitError(
    "E_SNAPSHOT_EXISTS",
    `Cannot take the snapshot "${tag}" of "${name}": there is one of that name`,
    {
      help: `Choose another name, or delete it: guestkit vm snapshot delete ${name} ${tag}`,
    },
  );
}

function disksOnly({ name }: Machine, tag: string): GuestkitError {
  return new GuestkitError(
    "E_SNAPSHOT_DISKS_ONLY",
    `Cannot go back to "${tag}": it was taken while "${name}" stood still`,
    {
      help: `Stop it first: guestkit vm stop ${name}`,
    },
  );
}
