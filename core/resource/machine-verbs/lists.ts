import { sweepDisposables } from "../../disposable/index.ts";
import type { QueryImplementation } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError } from "../../kit/errors.ts";
import { toldOwner } from "../../kit/owner.ts";
import { look } from "../../lifecycle/look/look.ts";
import { isUpgraded, upgradedNote } from "../../lifecycle/template/upgraded.ts";
import { uptimeOf } from "../../lifecycle/usage/process.ts";
import { type Ways, waysOf } from "../../lifecycle/ways.ts";
import { machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import { overgrownLogs } from "../../machine/log-limit.ts";
import { readMark } from "../../machine/mark.ts";
import { readMemory } from "../../machine/memory.ts";
import type { Attachment } from "../../machine/run.ts";
import type { ValueObject } from "../../model/value.ts";
import { connectAgent } from "../../qemu/agent/index.ts";
import { attachmentsOf } from "../../share/attachment.ts";
import { commandLine } from "../virtual-machine/command-line.ts";
import { type Known, knownMachine } from "./known.ts";

export const virtualMachines: QueryImplementation = {
  read: async (_input, context) => {
    await sweepDisposables(context.settings);
    const names = await listMachines(context.settings);
    const machines = await Promise.all(names.map((name) => row(name, context)));
    const known = machines.flatMap((each) => each ?? []);
    for (const { name, warnings } of known) {
      for (const detail of warnings) context.progress({ phase: "note", detail: `${name}: ${detail}`, warning: true });
    }
    return { machines: known };
  },
};

type Row = ValueObject & { readonly name: string; readonly warnings: readonly string[] };

/** Null for a folder that holds no machine; a damaged record is told, and hides no other machine. */
async function row(name: string, context: Context): Promise<Row | null> {
  const folder = machineFolder(name, context.settings);
  const unknown = { pid: null, cpus: 0, memory: 0, accelerator: null, address: null, uptime: null, ssh_port: null };
  try {
    const memory = await readMemory(folder);
    if (!memory) return null;
    const seen = await look(folder, context);
    const { pid, accelerator, running, ssh_host, ssh_port } = waysOf(memory, folder, seen);
    const { cpus, memory: bytes, labels } = memory.machine;
    const isUpgradedNow = await isUpgraded(memory, folder, context.settings);
    const isDisposable = (await readMark(folder)) !== null;
    return {
      name,
      status: seen.status,
      pid,
      cpus: seen.live?.cpus ?? cpus,
      memory: seen.live?.memory ?? bytes,
      accelerator,
      address: memory.details.addresses[0] ?? (ssh_port === null ? null : `${ssh_host}:${ssh_port}`),
      uptime: running?.qemu ? await uptimeOf(running.qemu) : null,
      ssh_port,
      template_upgraded: isUpgradedNow,
      disposable: isDisposable,
      notes: [...(isDisposable ? ["disposable"] : []), ...(isUpgradedNow ? ["template upgraded"] : [])],
      warnings: await overgrownLogs(folder, memory.machine),
      ...toldOwner(memory.owner),
      labels,
    };
  } catch (error) {
    return {
      name,
      status: asGuestkitError(error).code,
      ...unknown,
      template_upgraded: false,
      disposable: false,
      notes: [],
      warnings: [],
      ...toldOwner(null),
      labels: {},
    };
  }
}

/** What of it the contract has. */
const outputOf = ({ pid, accelerator, forwards, ssh_host, ssh_port, ssh_user, ssh_command }: Ways): ValueObject => ({
  ...{ pid, accelerator, forwards, ssh_host, ssh_port, ssh_user, ssh_command },
});

export const virtualMachineInfo: QueryImplementation = {
  read: async (input, context) => {
    const known = await knownMachine(input, context);
    const { machine, details } = known.memory;
    const seen = await look(known.folder, context);
    const ways = waysOf(known.memory, known.folder, seen);
    const upgraded = await isUpgraded(known.memory, known.folder, context.settings);
    const told = seen.status === "running" && seen.live?.hasAgent ? await askAgent(known, context) : SILENT;
    return {
      status: seen.status,
      machine_type: details.machineType,
      cpus: seen.live?.cpus ?? machine.cpus,
      memory: seen.live?.memory ?? machine.memory,
      ...outputOf(ways),
      uptime: ways.running?.qemu ? await uptimeOf(ways.running.qemu) : null,
      ...told,
      ip_addresses: told.agent ? told.ip_addresses : [...details.addresses],
      template_upgraded: upgraded,
      console_log: known.folder.consoleLog,
      directory: known.folder.path,
      command_line: await commandLine(known.memory, ways.running, known.folder, context),
      mounts: seen.status === "stopped" || seen.status === "crashed" ? [] : attachmentsOf(seen.run).map(mountOf),
      ...toldOwner(known.memory.owner),
      failure: details.failure,
      warnings: [seen.warning, upgraded ? upgradedNote(machine.name) : null].filter((each) => each !== null),
    };
  },
};

const mountOf = ({ share, declared }: Attachment): ValueObject => ({
  ...{ path: share.path, mount: share.mount, kind: share.kind ?? "9p", read_only: share.read_only, declared },
});

interface Told extends ValueObject {
  readonly agent: boolean;
  readonly hostname: string | null;
  readonly os: string | null;
  readonly ip_addresses: readonly string[];
}

const SILENT: Told = { agent: false, hostname: null, os: null, ip_addresses: [] };
/** How long the agent may take (ms): one that runs answers at once. */
const PATIENCE = 2_000;

async function askAgent({ folder }: Known, context: Context): Promise<Told> {
  try {
    await using agent = await connectAgent(folder.socket("agent"), { signal: context.signal, timeoutMs: PATIENCE });
    const interfaces = await agent.interfaces();
    const addresses = interfaces.flatMap((each) => (each.name === "lo" ? [] : each.addresses));
    const hostname = await agent.hostName();
    const os = await agent.osInfo().catch(() => null);
    return {
      agent: true,
      hostname,
      os: os?.["pretty-name"] ?? null,
      ip_addresses: addresses.map(({ address }) => address),
    };
  } catch {
    context.signal.throwIfAborted();
    return SILENT;
  }
}
