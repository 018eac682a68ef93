import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sweepLock } from "../host/lock.ts";
import { isGone } from "../host/owner.ts";
import { sweepPartialsIn } from "../host/partial.ts";
import type { Settings } from "../kit/context.ts";
import { log } from "../kit/log.ts";
import { machineFolder, machinesFolder } from "../machine/folder.ts";
import { listMachines } from "../machine/list.ts";
import { readMark } from "../machine/mark.ts";
import { discard } from "./discard.ts";

/**
 * Removes the disposables whose guestkit was killed, with their QEMU. Costs one look a machine where there are none. Gives
 * their names; what cannot be removed is told in the log and left to the next time.
 */
export async function sweepDisposables(settings: Settings): Promise<readonly string[]> {
  const names = await listMachines(settings);
  const found = await Promise.all(names.map(async (name) => ((await isLeft(name, settings)) ? [name] : [])));
  const left = found.flat();
  for (const name of left) await remove(name, settings);
  await sweepBeside(machinesFolder(settings));
  return left;
}

/** Halves of disposables, and locks, whose process was killed. */
async function sweepBeside(machines: string): Promise<void> {
  await sweepPartialsIn(machines);
  for (const file of await readdir(machines).catch(() => [])) {
    const name = /^\.(.+)\.guestkit-lock$/.exec(file)?.[1];
    if (name !== undefined) await sweepLock(join(machines, name));
  }
}

async function isLeft(name: string, settings: Settings): Promise<boolean> {
  const mark = await readMark(machineFolder(name, settings));
  return mark !== null && isGone(mark.owner);
}

async function remove(name: string, settings: Settings): Promise<void> {
  const folder = machineFolder(name, settings);
  try {
    await discard(folder, name, settings);
  } catch (error) {
    log("warn", "a disposable of a killed guestkit could not be removed", { name, error: String(error) });
  }
}
