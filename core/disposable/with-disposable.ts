import { stat } from "node:fs/promises";
import { takeLock } from "../host/lock.ts";
import { ownOwner } from "../host/owner.ts";
import { copyFile } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { needsSharedMemory } from "../lifecycle/arguments/basis.ts";
import { bringUp } from "../lifecycle/bring-up.ts";
import { stopMachine } from "../lifecycle/stop.ts";
import { effectiveMachine } from "../machine/disks/effective.ts";
import { type MachineFolder, prepareFolder } from "../machine/folder.ts";
import { type Machine, timeoutsOf } from "../machine/machine.ts";
import type { DisposableMark } from "../machine/mark.ts";
import { type MachineMemory, readMemory, withWayIn, writeMemory } from "../machine/memory.ts";
import { type Run, readRun } from "../machine/run.ts";
import { makeSeed } from "../seed/make.ts";
import { type Base, findBase } from "./base.ts";
import { type Declared, declareDisposable, type Wishes } from "./declare.ts";
import { discard } from "./discard.ts";
import { watchLimits } from "./limits.ts";
import { freeName, reserve } from "./reserve.ts";
import { sweepDisposables } from "./sweep.ts";

export interface DisposableOptions extends Wishes {
  /** A machine's name, or an image's path. It stays as it is. */
  readonly base: string;
  /** A free one is made up where left out. */
  readonly name?: string | undefined;
  /** Bytes that its disks and logs may take on the host, together. */
  readonly quotaBytes: number;
  /** How long `use` may take. */
  readonly timeoutMs?: number | undefined;
}

/** A disposable that is up and ready. */
export interface DisposablePlace {
  /** The declaration, with the user who logs in. */
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly run: Run;
  /** Its signal aborts at a limit as well: QEMU is dead by then. */
  readonly context: Context;
}

/** Less holds no overlay of any use. */
const LEAST = 16 << 20;

/**
 * Makes a machine over `base`, hands it over when it is ready, and removes all of it however `use` ends: by itself, by an
 * error, by an abort, at a limit. It dies with this process; what a killed one leaves is swept by the next. Throws
 * `E_DISPOSABLE_BASE`, `E_TEMPLATE_RUNS`, `E_DISPOSABLE_QUOTA`, `E_DISPOSABLE_TIMEOUT`, `E_MACHINE_EXISTS`, and what
 * starting a machine, and `use`, throw.
 */
export async function withDisposable<T>(
  options: DisposableOptions,
  context: Context,
  use: (place: DisposablePlace) => Promise<T>,
): Promise<T> {
  await sweepDisposables(context.settings);
  const base = await findBase(options.base, context);
  const name = options.name ?? freeName(options.base);
  const declared = await declareDisposable(name, base, options, context);
  const mark = await markOf(await effectiveMachine(declared.machine, context.settings), options);
  const folder = await reserve(name, mark, context);
  try {
    await using limits = watchLimits(folder, name, mark);
    const limited = { ...context, signal: AbortSignal.any([context.signal, limits.signal]) };
    try {
      const place = await bring(declared, base, folder, limited);
      limits.startTime(options.timeoutMs);
      const result = await use({ ...place, context: limited });
      await limits.check();
      await letWrite(place.machine, folder, limited);
      return result;
    } catch (error) {
      throw withoutTraces(await truth(error, limits), base);
    }
  } finally {
    await discard(folder, name, context.settings);
  }
}

/** A limit that was passed is the reason for whatever failed by it, even where nobody had looked yet. */
async function truth(error: unknown, { signal, check }: { signal: AbortSignal; check(): Promise<void> }) {
  if (signal.aborted) return signal.reason as unknown;
  return await check().then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** Errors of a boot send one to the machine's logs, which go with it. */
const OF_A_BOOT = ["E_QEMU_START", "E_MACHINE_NOT_READY", "E_MACHINE_DIED", "E_GUEST_PANIC"];

function withoutTraces(thrown: unknown, base: Base): unknown {
  const error = asGuestkitError(thrown);
  if (!OF_A_BOOT.includes(error.code)) return thrown;
  const look =
    base.kind === "machine" ? `: guestkit vm up ${base.memory.machine.name}` : ", or declare a machine of it";
  const help = `Nothing of the disposable is left; see whether its base comes up${look}`;
  return new GuestkitError(error.code, error.message, { help, cause: error.cause });
}

/**
 * The quota, divided over the disks: none can grow past its part. The limit holds for every file that QEMU writes: also
 * for disks of the caller's own, which the quota is not about, and for memory that is shared with a server of files.
 */
export async function markOf(
  machine: Machine,
  { base, quotaBytes }: Pick<DisposableOptions, "base" | "quotaBytes">,
): Promise<DisposableMark> {
  const overlays = Object.values(machine.disks).filter(({ overlay }) => overlay).length;
  const part = Math.floor(quotaBytes / Math.max(1, overlays));
  if (part < LEAST) throw tooLittle(quotaBytes, overlays);
  const memory = needsSharedMemory(machine) ? machine.memory : 0;
  const file_limit = Math.max(part, memory, ...(await ownSizes(machine)));
  return { format_version: 1, owner: ownOwner(), base, quota: quotaBytes, file_limit };
}

/** Bytes of the disks that it writes to without an overlay. */
async function ownSizes({ disks }: Machine): Promise<readonly number[]> {
  const own = Object.values(disks).filter(({ overlay, read_only }) => !overlay && !read_only);
  return await Promise.all(own.map(async ({ image }) => (await stat(image)).size));
}

async function bring(
  { machine, details }: Declared,
  base: Base,
  folder: MachineFolder,
  context: Context,
): Promise<Omit<DisposablePlace, "context">> {
  await using _lock = await takeLock(folder.path, context, { name: machine.name });
  await prepareFolder(folder);
  const memory: MachineMemory = { origin: "created", owner: null, machine, details };
  await writeMemory(folder, memory);
  if (base.kind === "machine") await copyVariables(base.folder, folder);
  await makeSeed(machine, folder);
  const up = await bringUp(memory, folder, context);
  const run = await readRun(folder);
  if (!run) throw new GuestkitError("E_MACHINE_STOPPED", `Cannot use "${machine.name}": somebody has ended it`);
  const known = (await readMemory(folder)) ?? up;
  return { machine: withWayIn(known, folder), folder, run };
}

/** What UEFI remembers of the base: how it boots. */
async function copyVariables(from: MachineFolder, to: MachineFolder): Promise<void> {
  await copyFile(from.nvram, to.nvram).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** A guest that was given a folder of the host to write to ends in good order; any other is thrown away as it is. */
async function letWrite(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  if (Object.values(machine.shares).some(({ read_only }) => !read_only)) {
    await stopMachine(folder, timeoutsOf(machine), context);
  }
}

const tooLittle = (quota: number, overlays: number) =>
  new GuestkitError("E_DISPOSABLE_QUOTA", `Cannot make a disposable with ${overlays} disks in ${quota} bytes`, {
    at: { field: ["quota"] },
    help: `Allow ${LEAST >> 20} MiB a disk, or more.`,
  });
