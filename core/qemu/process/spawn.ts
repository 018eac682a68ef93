import { spawn } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, type Owner, ownerOf } from "../../host/owner.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Context } from "../../kit/context.ts";
import { atSuddenEnd } from "../../kit/ending.ts";
import { asGuestkitError } from "../../kit/errors.ts";
import { connectQmp } from "../qmp/index.ts";
import { type Command, type Leash, launcher } from "./launcher.ts";
import { startFailure } from "./start-failure.ts";

/** What is started, and how. */
export interface Launched extends Command {
  /** Files that QEMU reads a secret from at its start; they are written for it, and gone when it is up. */
  readonly secrets: readonly { readonly path: string; readonly text: string }[];
}

/** Where a QEMU that is started lives. */
export interface QemuPlace {
  /** Folder of its sockets, where its helpers work. */
  readonly sockets: string;
  /** What it says is appended here. */
  readonly qemuLog: string;
  /** Its second monitor is `qmp2`. */
  socket(name: string): string;
}

/**
 * Starts QEMU and its helpers in a session of their own, with nothing of ours open, and ends when QEMU has taken all its
 * arguments: its monitor answers. A start that fails, or is aborted, leaves no process behind.
 * @throws GuestkitError `E_QEMU_START` with the end of what QEMU said, `E_PORT_TAKEN`, `E_IMAGE_IN_USE`
 */
export async function spawnQemu(
  launch: Launched,
  place: QemuPlace,
  context: Context,
  { leash = null, timeoutMs = 60_000 }: { readonly leash?: Leash | null; readonly timeoutMs?: number } = {},
): Promise<Owner> {
  for (const { path, text } of launch.secrets) await writeFile(path, text, { mode: 0o600 });
  const qemu = await spawnDetached(launcher(launch, place.sockets, leash), place.qemuLog);
  const forget = atSuddenEnd(() => endGroup(qemu));
  try {
    await untilUp(qemu, place.socket("qmp2"), context, timeoutMs);
    return qemu;
  } catch (error) {
    endGroup(qemu);
    context.signal.throwIfAborted();
    throw await startFailure(place.qemuLog, error);
  } finally {
    forget();
    for (const { path } of launch.secrets) await rm(path, { force: true });
  }
}

async function spawnDetached([file = "", ...args]: readonly string[], logFile: string): Promise<Owner> {
  const log = await open(logFile, "a", 0o600);
  try {
    const child = spawn(file, args, { detached: true, stdio: ["ignore", log.fd, log.fd], env: environment() });
    child.unref();
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    const pid = child.pid ?? (await failed);
    failed.catch(() => {});
    return ownerOf(pid) ?? { pid, tag: "" };
  } finally {
    await log.close();
  }
}

/** What QEMU and its helpers need; nothing that a caller may have in its environment for itself. */
function environment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "QEMU_MODULE_DIR"];
  const own = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { LC_ALL: "C", ...Object.fromEntries(own) };
}

/** The second monitor is asked: the first one is left to whoever waits for it. */
async function untilUp(qemu: Owner, monitor: string, { signal }: Context, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const left = deadline - performance.now();
    if (!isAlive(qemu)) throw new Error("QEMU ended at once");
    if (left <= 0) throw new Error(`QEMU did not answer within ${timeoutMs / 1000} s`);
    try {
      const qmp = await connectQmp(monitor, { signal, timeoutMs: Math.min(left, 1_000) });
      return await qmp.close();
    } catch (error) {
      // Not there yet, or busy with its start.
      if (!asGuestkitError(error).code.startsWith("E_QMP_")) throw error;
    }
    await sleep(20);
  }
}

/** It leads a group of its own, in which its helpers are. */
function endGroup({ pid }: Owner): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
