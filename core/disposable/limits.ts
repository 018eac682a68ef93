import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GuestkitError } from "../kit/errors.ts";
import { formatSize } from "../kit/size.ts";
import { timerMs } from "../kit/timer.ts";
import { killMachine } from "../lifecycle/stop.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { DisposableMark } from "../machine/mark.ts";

/** What a disposable may not pass. */
export interface Limits extends AsyncDisposable {
  /** Aborts with the limit that was passed; by then QEMU is dead. */
  readonly signal: AbortSignal;
  /** Counts from now on. */
  startTime(timeoutMs: number | undefined): void;
  /** Looks once more. Throws the limit that was passed, and `E_DISPOSABLE_QUOTA`. */
  check(): Promise<void>;
}

/** Between two looks (ms). */
const EVERY = 250;
/** QEMU writes whole clusters: so near at its limit a file grows no more. */
const NEAR = 1 << 20;

/**
 * Watches how much a disposable takes on the host. What is written past the limit of a file fails in the guest already
 * (RLIMIT_FSIZE); here the machine is ended for it, and told of.
 */
export function watchLimits(folder: MachineFolder, name: string, mark: DisposableMark): Limits {
  const passed = new AbortController();
  const done = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // Known before QEMU is dead: its end fails whatever goes on, and a file may take less when QEMU has let it go.
  let reason: GuestkitError | undefined;
  const end = async (error: GuestkitError) => {
    reason ??= error;
    await killMachine(folder).catch(() => {});
    passed.abort(error);
  };
  const watching = watch(folder, mark, done.signal).then((full) => (full ? end(quotaError(name, mark)) : undefined));
  return {
    signal: passed.signal,
    startTime: (timeoutMs) => {
      if (timeoutMs !== undefined) timer = setTimeout(() => void end(timeError(name, timeoutMs)), timerMs(timeoutMs));
    },
    check: async () => {
      if (reason ?? (await isFull(folder, mark))) throw reason ?? quotaError(name, mark);
    },
    [Symbol.asyncDispose]: async () => {
      clearTimeout(timer);
      done.abort();
      await watching;
    },
  };
}

/** Whether it was full before it was done. */
async function watch(folder: MachineFolder, mark: DisposableMark, done: AbortSignal): Promise<boolean> {
  try {
    for (;;) {
      if (await isFull(folder, mark)) return true;
      await sleep(EVERY, undefined, { signal: done });
    }
  } catch {
    return false;
  }
}

async function isFull(folder: MachineFolder, { quota, file_limit }: DisposableMark): Promise<boolean> {
  const files = await Promise.all((await filesOf(folder)).map((path) => lstat(path).catch(() => null)));
  const there = files.flatMap((each) => (each?.isFile() ? [each] : []));
  const taken = there.reduce((sum, { blocks }) => sum + blocks * 512, 0);
  return taken > quota - NEAR || there.some(({ size }) => size > file_limit - NEAR);
}

/** Its disks, wherever they are kept, and the logs that a guest can fill. */
async function filesOf({ path }: MachineFolder): Promise<readonly string[]> {
  const names = await readdir(path, { recursive: true }).catch(() => []);
  return names.map((name) => join(path, name));
}

const quotaError = (name: string, { quota }: DisposableMark) =>
  new GuestkitError("E_DISPOSABLE_QUOTA", `Cannot go on with "${name}": its disks have reached ${formatSize(quota)}`, {
    at: { field: ["quota"] },
    help: "Allow more (--quota 8G), or have the guest write less.",
  });

const timeError = (name: string, ms: number) =>
  new GuestkitError("E_DISPOSABLE_TIMEOUT", `Cannot go on with "${name}": it took longer than ${ms / 1000} s`, {
    at: { field: ["timeout"] },
    help: "Allow more time (--timeout SECONDS).",
  });
