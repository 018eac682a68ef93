import { stat } from "node:fs/promises";
import { readImageHead } from "../../build/header.ts";
import type { Drift, Observed } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import { memoryOf } from "../../lifecycle/arguments/basis.ts";
import { hasAutostart } from "../../lifecycle/autostart.ts";
import { owesSteps } from "../../lifecycle/bring-up.ts";
import { type Look, look, type Status } from "../../lifecycle/look/look.ts";
import { isUpgraded } from "../../lifecycle/template/upgraded.ts";
import { waysOf } from "../../lifecycle/ways.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import { macsOf } from "../../machine/macs.ts";
import { type MachineDetails, type MachineMemory, readMemory } from "../../machine/memory.ts";
import { contractOf } from "../../model/index.ts";
import type { ValueObject } from "../../model/value.ts";

/** Fields that QEMU takes up at its start alone: while it runs, they are what it was started with. */
const startFields = (): readonly string[] =>
  contractOf("virtual_machine", "resource")
    .input.filter(({ policy }) => policy === "restart")
    .map(({ name }) => name);

/** The machine as QEMU, its files and its record show it; null where there is none. */
export async function observe(id: string, context: Context): Promise<Observed | null> {
  const folder = machineFolder(id, context.settings);
  const memory = await readMemory(folder);
  if (!memory) return null;
  const seen = await look(folder, context);
  const machine = await machineAsIs(memory, seen, folder, context);
  const drift = [...(await missingParts(memory, folder)), ...unfinished(memory, seen)];
  return {
    input: machine as unknown as ValueObject,
    output: { ...(await outputs(machine, memory, seen, folder, context)), drift: drift.map((each) => ({ ...each })) },
    warnings: [seen.warning, memory.details.failure].flatMap((each) => each ?? []),
  };
}

async function machineAsIs(
  memory: MachineMemory,
  seen: Look,
  folder: MachineFolder,
  context: Context,
): Promise<Machine> {
  const declared = { ...memory.machine, running: isRunningAs(memory.machine, seen.status) };
  const started = seen.live ? { ...declared, ...startedWith(declared, seen) } : declared;
  const disks = await diskSizes(started, folder);
  const autostart = declared.autostart && (await hasAutostart(declared.name, context.settings));
  return { ...started, disks, autostart };
}

/** A machine that is frozen does not run where it is to run, and does not stand still where it is to: QEMU is there. */
function isRunningAs({ running }: Machine, status: Status): boolean {
  return running ? status === "running" : status !== "stopped" && status !== "crashed";
}

/** What QEMU was started with, and what it says itself, over what is declared. */
function startedWith(declared: Machine, { run, live }: Look): Partial<Machine> {
  const from = run?.machine ?? declared;
  const kept = startFields().map((name) => [name, from[name as keyof Machine]] as const);
  const memory = live && live.memory !== memoryOf(from) ? live.memory : from.memory;
  const media = live?.media ?? {};
  const cdroms = Object.entries(from.cdroms).map(([name, drive]) => {
    const image = media[name];
    return [name, image === undefined ? drive : { ...drive, image }] as const;
  });
  return { ...Object.fromEntries(kept), memory, cpus: live?.cpus ?? from.cpus, cdroms: Object.fromEntries(cdroms) };
}

/** An overlay may have been grown by hand. */
async function diskSizes(machine: Machine, folder: MachineFolder): Promise<Machine["disks"]> {
  const disks = Object.entries(machine.disks).map(async ([name, disk]) => {
    if (!disk.overlay) return [name, disk] as const;
    const head = await readImageHead(folder.overlay(name), { format: "qcow2" }).catch(() => null);
    return [name, { ...disk, size: head?.size ?? disk.size }] as const;
  });
  return Object.fromEntries(await Promise.all(disks));
}

async function missingParts({ machine, details }: MachineMemory, folder: MachineFolder): Promise<Drift[]> {
  const isThere = async (path: string) => (await stat(path).catch(() => null)) !== null;
  const drift: Drift[] = [];
  // One that is not to run is made to the end when these are there; of another, its readiness tells.
  const isMade = details.ready || !machine.running;
  if (isMade && !(await isThere(folder.sshKey))) {
    drift.push({ path: "ssh", why: "its own key is gone", action: "update" });
  }
  if (isMade && machine.cloud_init && !(await isThere(folder.seed))) {
    drift.push({ path: "cloud_init", why: "its cloud-init medium is gone", action: "update" });
  }
  // What is declared since, or made anew at every start, is there from the next start on.
  for (const name of details.copies.filter((each) => each in machine.disks)) {
    if (await isThere(folder.overlay(name))) continue;
    drift.push({ path: `disks.${name}`, why: "its overlay is gone", action: "replace" });
  }
  return drift;
}

function unfinished(memory: MachineMemory, { run, status }: Look): Drift[] {
  const { machine, details } = memory;
  if (!machine.running) return [];
  const why = unready(machine, details) ?? (status === "running" && run?.ready === false ? NOT_AWAITED : null);
  if (why !== null) return [{ path: "wait_for", why, action: "update" }];
  if (details.failure !== null || !owesSteps(memory)) return [];
  return [{ path: "provision", why: "a step has not run to its end", action: "update" }];
}

const NOT_AWAITED = "nobody waited until its last start was ready";

function unready({ on_failure }: Machine, { ready, failure }: MachineDetails): string | null {
  if (!ready) return failure ?? "it was never made to the end";
  return on_failure === "fail" ? failure : null;
}

async function outputs(
  machine: Machine,
  memory: MachineMemory,
  seen: Look,
  folder: MachineFolder,
  context: Context,
): Promise<ValueObject> {
  const { details } = memory;
  const { running, ...ways } = waysOf({ machine, details }, folder, seen);
  return {
    ...ways,
    status: seen.status,
    machine_type: details.machineType,
    ip_addresses: [...details.addresses],
    macs: macsOf(machine),
    ssh_host_keys: [...details.hostKeys],
    display: running?.display ?? null,
    template_upgraded: await isUpgraded(memory, folder, context.settings),
    console_log: folder.consoleLog,
    directory: folder.path,
  };
}
