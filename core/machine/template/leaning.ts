import { readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { backingChain } from "../../build/dependants.ts";
import type { Settings } from "../../kit/context.ts";
import { type MachineFolder, machineFolder } from "../folder.ts";
import { listMachines } from "../list.ts";
import { isRunning } from "../look.ts";
import { readMemory } from "../memory.ts";
import { announcedFiles } from "./starting.ts";

/**
 * Machines with copies of disks that lean on one of these files: copies that are kept, or that QEMU has open now, or that
 * a start is about to make. One that the next start throws away counts until it is gone. `except` is left out; so is what QEMU has open with `keptAlone`. Sorted.
 */
export async function machinesOver(
  files: readonly string[],
  settings: Settings,
  { except = null, keptAlone = false }: { readonly except?: string | null; readonly keptAlone?: boolean } = {},
): Promise<readonly string[]> {
  const wanted = new Set(await Promise.all(files.map(identityOf)));
  if (wanted.size === 0) return [];
  const found: string[] = [];
  for (const name of await listMachines(settings)) {
    if (name !== except && (await leansOn(name, wanted, keptAlone, settings))) found.push(name);
  }
  return found;
}

async function leansOn(
  name: string,
  wanted: ReadonlySet<string>,
  keptAlone: boolean,
  settings: Settings,
): Promise<boolean> {
  const folder = machineFolder(name, settings);
  for (const file of keptAlone ? [] : await announcedFiles(folder)) {
    if (wanted.has(await identityOf(file))) return true;
  }
  for (const copy of await copiesOf(folder, keptAlone)) {
    for (const layer of await backingChain(copy, "qcow2")) {
      if (wanted.has(await identityOf(layer))) return true;
    }
  }
  return false;
}

/** Whatever the declaration says now: a later one may use a copy again that lies there. */
async function copiesOf(folder: MachineFolder, keptAlone: boolean): Promise<readonly string[]> {
  const running = !keptAlone && (await isRunning(folder));
  return [...(await keptCopies(folder)), ...(running ? await imagesIn(folder.fresh) : [])];
}

/** The machine's own copies of disks that outlive a start: also those of disks that its template has. */
export const keptCopies = (folder: MachineFolder): Promise<readonly string[]> =>
  imagesIn(dirname(folder.overlay("any")));

async function imagesIn(path: string): Promise<readonly string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => name.endsWith(".qcow2") && !name.startsWith(".")).map((name) => join(path, name));
}

/** A file by what it is, under whatever name; one that is gone by its name. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found ? `${found.dev}:${found.ino}` : resolve(path);
}

/** Machines whose declaration names this one as their template, sorted. */
export async function machinesFrom(template: string, settings: Settings): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await listMachines(settings)) {
    const memory = await readMemory(machineFolder(name, settings)).catch(() => null);
    if (name !== template && memory?.machine.template_vm === template) found.push(name);
  }
  return found;
}
