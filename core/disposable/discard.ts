import { rename, rm } from "node:fs/promises";
import { takeLock } from "../host/lock.ts";
import { partialBeside } from "../host/partial.ts";
import type { Settings } from "../kit/context.ts";
import { killMachine } from "../lifecycle/stop.ts";
import type { MachineFolder } from "../machine/folder.ts";

/**
 * Ends a disposable and removes all of it. The folder loses its name at once: killed after that, what is left is a
 * partial of a dead process. Throws `E_MACHINE_UNKILLABLE`.
 */
export async function discard(folder: MachineFolder, name: string, settings: Settings): Promise<void> {
  // Whoever holds the lock may be waiting for this very machine.
  await killMachine(folder);
  // Never given up: an abort is the usual reason to come here.
  const context = { signal: new AbortController().signal, settings };
  await using _lock = await takeLock(folder.path, context, { name }).catch(() => NOBODYS);
  await discardHeld(folder);
}

/** The same for whoever holds its lock. */
export async function discardHeld(folder: MachineFolder): Promise<void> {
  await killMachine(folder);
  await using partial = partialBeside(folder.path, "discarded");
  await rename(folder.path, partial.path).catch((error: NodeJS.ErrnoException) => {
    // Somebody has destroyed it.
    if (error.code !== "ENOENT") throw error;
  });
  await rm(partial.path, { recursive: true, force: true });
}

/** A verb that holds on to it for long fails soon: its QEMU is gone. */
const NOBODYS: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };
