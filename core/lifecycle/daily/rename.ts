import { readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { isThere } from "../../host/is-there.ts";
import { partialBeside, syncFolder } from "../../host/partial.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Context, Settings } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import { type Machine, networksOf } from "../../machine/machine.ts";
import { readMark } from "../../machine/mark.ts";
import { type MachineMemory, readMemory, remember } from "../../machine/memory.ts";
import { clearRun } from "../../machine/run.ts";
import { setAutostart } from "../autostart.ts";
import { isRunning } from "../look/look.ts";
import { demandNoDependants } from "../template/guard.ts";

/**
 * Gives a machine that stands still another name: its folder is moved, which is one step, and what else goes by the name
 * follows (known host keys, the autostart unit). Killed before the step nothing has happened; after it, the same once more
 * brings the rest to its end. The caller holds both names' locks. Throws what `demandRenamable` throws.
 */
export async function renameMachine(memory: MachineMemory, name: string, context: Context): Promise<void> {
  const { settings } = context;
  const from = machineFolder(memory.machine.name, settings);
  const to = machineFolder(name, settings);
  await demandRenamable(memory, name, settings);
  context.progress({ phase: "renaming", detail: name });
  await clearRun(from);
  await nameHostKeys(from, [memory.machine.name, name]);
  await remember(from, memory, { renamedFrom: memory.machine.name });
  await move(from.path, to.path);
  await syncFolder(dirname(to.path));
  await finishRenaming(to, settings);
}

/** An empty folder is no hindrance (rename(2)). */
async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOTEMPTY" ? "there is something in its place" : reasonOf(cause);
    throw new GuestkitError("E_MACHINE_FOLDER", `Cannot move "${from}" to "${to}": ${why}`, {
      cause,
      at: { file: to },
    });
  });
}

/** What follows the new name. Done again, it changes nothing. */
export async function finishRenaming(folder: MachineFolder, settings: Settings): Promise<void> {
  const memory = await readMemory(folder);
  if (!memory) return;
  const { machine, details } = memory;
  await nameHostKeys(folder, [machine.name]);
  if (details.renamedFrom !== null && !(await isThere(machineFolder(details.renamedFrom, settings).path))) {
    await setAutostart(details.renamedFrom, false);
  }
  if (machine.autostart) await setAutostart(machine.name, true, settings);
}

/**
 * Throws where it cannot be renamed: `E_MACHINE_RUNS`, `E_MACHINE_EXISTS`, `E_TEMPLATE_USED`, `E_BASE_HAS_OVERLAYS`,
 * `E_RENAME_PEER`, `E_RENAME_USED`, `E_RENAME_ADDRESS`, `E_RENAME_DISPOSABLE`.
 */
export async function demandRenamable({ machine }: MachineMemory, name: string, settings: Settings): Promise<void> {
  const folder = machineFolder(machine.name, settings);
  if (await readMark(folder)) {
    const help = "Another name would not keep it; declare a machine with the same template_vm or base.";
    throw cannot("E_RENAME_DISPOSABLE", machine, "it is a disposable, and goes with the command that made it", help);
  }
  if (await isRunning(folder)) {
    throw cannot("E_MACHINE_RUNS", machine, "it runs", `Stop it first: guestkit vm stop ${machine.name}`);
  }
  if (await readMemory(machineFolder(name, settings))) {
    throw cannot("E_MACHINE_EXISTS", machine, `there is a machine "${name}"`, "Choose another name: guestkit vm list");
  }
  await demandNoDependants(machine, folder, "rename", settings);
  await demandUnnamed(machine, folder, settings);
  demandFreeAddresses(machine);
}

/** Nobody else's declaration may lead to it: by a link between the two, or by a path into its folder. */
async function demandUnnamed(machine: Machine, { path }: MachineFolder, settings: Settings): Promise<void> {
  for (const other of await listMachines(settings)) {
    if (other === machine.name) continue;
    const found = (await readMemory(machineFolder(other, settings)).catch(() => null))?.machine;
    if (!found) continue;
    const peers = Object.values(networksOf(found)).map(({ peer }) => peer);
    const images = [found.base, ...Object.values(found.disks).map(({ image }) => image)];
    if (peers.includes(machine.name)) {
      const help = `Change networks.NAME.peer of "${other}" first, or destroy it.`;
      throw cannot("E_RENAME_PEER", machine, `a network of "${other}" names it as its peer`, help);
    }
    if (images.some((image) => image?.startsWith(`${path}/`))) {
      const help = `Destroy "${other}" first, or give it another image.`;
      throw cannot("E_RENAME_USED", machine, `"${other}" has a disk in its folder`, help);
    }
  }
}

/** cloud-init gave the guest its static addresses by hardware addresses, which are made of the name where none are declared. */
function demandFreeAddresses(machine: Machine): void {
  if (!machine.cloud_init) return;
  const networks = Object.entries(networksOf(machine));
  if (!networks.some(([, { kind, addresses }]) => kind === "link" || addresses.length > 0)) return;
  const [key] = networks.find(([, { mac }]) => mac === null) ?? [];
  if (key === undefined) return;
  const why = `the guest knows its static addresses by hardware addresses, and that of network "${key}" is made of the name`;
  const help = `Declare the ones that it has (output macs) as networks.NAME.mac, apply, then rename.`;
  throw cannot("E_RENAME_ADDRESS", machine, why, help);
}

function cannot(code: string, { name }: Machine, why: string, help: string): GuestkitError {
  return new GuestkitError(code, `Cannot rename "${name}": ${why}`, { help });
}

/** OpenSSH knows a machine's keys by its names, separated by commas (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
async function nameHostKeys({ knownHosts }: MachineFolder, names: readonly string[]): Promise<void> {
  const text = await readFile(knownHosts, "utf8").catch(() => null);
  const named = text?.replace(/^\S+ /gm, `${names.join(",")} `);
  if (named === undefined || named === text) return;
  await using partial = partialBeside(knownHosts, "pins");
  await writeFile(partial.path, named, { mode: 0o600 });
  await partial.publish();
}
