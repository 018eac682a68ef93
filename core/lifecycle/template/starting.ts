import { join } from "node:path";
import { backingChain } from "../../build/dependants.ts";
import { waitFileUnlocked } from "../../host/file-lock.ts";
import { waitUnlocked } from "../../host/lock.ts";
import { livePartials, partialBeside } from "../../host/partial.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Context, Settings } from "../../kit/context.ts";
import { parseJson } from "../../kit/depth.ts";
import { recorded } from "../../machine/disks/effective.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import type { Machine, MachineDisk } from "../../machine/machine.ts";

/**
 * A start that is under way, from its first look at what it leans on until QEMU is up, is a partial that never becomes
 * anything: its name tells whose it is, and one that is left goes where partials are swept. It holds the files that the
 * machine's copies of disks are going to lean on.
 */
const markOf = ({ path }: Pick<MachineFolder, "path">): string => join(path, "starting");

/**
 * Announces that an effective machine starts; dispose when QEMU is up. Whoever is to write to what it leans on holds the
 * lock of that thing and then looks for announcements (machinesOver); a start announces itself and then looks for such
 * locks (`waitForTemplates`): of two at once, one at least sees the other. So dependants start side by side, and nobody who
 * waits for a template is waited for by it.
 */
export async function announceStart(
  machine: Machine,
  folder: MachineFolder,
  settings: Settings,
): Promise<AsyncDisposable> {
  const files = await filesBelow(machine, settings);
  const mark = partialBeside(markOf(folder), "files");
  // Who reads half of it holds the lock already that is looked for next.
  await writeFile(mark.path, JSON.stringify(files), { mode: 0o600, flag: "wx" });
  return mark;
}

/** What a live start leans on; nothing where none is under way. */
export async function announcedFiles(folder: MachineFolder): Promise<readonly string[]> {
  return (await Promise.all((await livePartials(markOf(folder))).map(readMark))).flat();
}

async function readMark(path: string): Promise<readonly string[]> {
  try {
    const files = parseJson((await readKeptText(path)) ?? "[]");
    return Array.isArray(files) ? files.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/** Waits for those who change a template, or an image below it. Throws `E_LOCKED`, which names who does. */
export async function waitForTemplates(machine: Machine, context: Context, patience?: number): Promise<void> {
  for (const name of await templatesOf(machine, context.settings)) {
    await waitUnlocked(machineFolder(name, context.settings).path, context, { name, patience });
  }
  for (const image of imagesOf(machine)) await waitFileUnlocked(image, context, { patience });
}

const imagesOf = ({ disks }: Machine): readonly string[] => leanedOn(disks).map(({ image }) => image);

const leanedOn = (disks: Machine["disks"]): readonly MachineDisk[] =>
  Object.values(disks).filter(({ overlay }) => overlay);

/** Also the copies that a template may be making only now. */
async function filesBelow(machine: Machine, settings: Settings): Promise<readonly string[]> {
  const images = imagesOf(machine);
  const chains = await Promise.all(leanedOn(machine.disks).map(({ image, format }) => backingChain(image, format)));
  const folders = (await templatesOf(machine, settings)).map((name) => machineFolder(name, settings));
  const copies = folders.flatMap((folder) => Object.keys(machine.disks).map((key) => folder.overlay(key)));
  return [...images, ...chains.flat(), ...copies];
}

/** The machines that this one starts from, nearest first. */
export async function templatesOf({ name, template_vm }: Machine, settings: Settings): Promise<readonly string[]> {
  const find = recorded(settings);
  const found: string[] = [];
  for (let at = template_vm; typeof at === "string" && at !== name && !found.includes(at); ) {
    found.push(at);
    at = (await find(at))?.template_vm ?? null;
  }
  return found;
}
