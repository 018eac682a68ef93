import type { Change } from "../engine/diff.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "../machine/folder.ts";
import { type Machine, networksOf } from "../machine/machine.ts";
import { type ForwardResult, type MachineMemory, remember, withWayIn } from "../machine/memory.ts";
import { type Run, writeRun } from "../machine/run.ts";
import { cdromId, diskId, networkId } from "../qemu/options/id.ts";
import type { Qmp } from "../qemu/qmp/index.ts";
import { changeShares } from "../share/live.ts";
import { memoryOf } from "./arguments/basis.ts";
import { hostForward } from "./arguments/user-network.ts";
import { connectMachine, runningOf } from "./look/look.ts";
import { expectForwards, pickForwards } from "./ports/ports.ts";

/** What is being changed, and in what. */
interface Live {
  readonly qmp: Qmp;
  readonly machine: Machine;
  readonly run: Run;
  readonly folder: MachineFolder;
  readonly context: Context;
}

/** Changes of one part of the declaration; gives the run as it is then. */
type Change1 = (live: Live) => Promise<Run>;

/**
 * Carries out in a running QEMU what it can take: forwards, media, balloon, disk growth, shares through channels. `run.json` follows step by
 * step, so that a plan after a failure shows what is still due. Throws `E_QMP_COMMAND`, `E_PORT_TAKEN`.
 */
export async function changeLive(
  memory: MachineMemory,
  changes: readonly Change[],
  folder: MachineFolder,
  context: Context,
): Promise<MachineMemory> {
  const steps = stepsOf(changes);
  let run = await runningOf(folder);
  if (!run || steps.length === 0) return memory;
  await using qmp = await connectMachine(folder, context);
  for (const step of steps) {
    run = await step({ qmp, machine: withWayIn(memory, folder), run, folder, context });
    await writeRun(folder, run);
  }
  // A port that was picked stays at the next start.
  return await remember(folder, memory, { forwards: run.forwards });
}

function stepsOf(changes: readonly Change[]): readonly Change1[] {
  const touches = (...path: string[]) =>
    changes.some((change) => path.every((part, at) => part === "*" || change.path[at] === part));
  return [
    ...(touches("networks", "*", "forwards") ? [changeForwards] : []),
    ...(touches("cdroms", "*", "image") ? [changeMedia] : []),
    ...(touches("disks", "*", "size") ? [growDisks] : []),
    ...(touches("balloon") ? [changeBalloon] : []),
    ...(touches("shares") ? [changeMounts] : []),
  ];
}

const changeForwards: Change1 = async ({ qmp, machine, run }) => {
  const expected = expectForwards(machine, run.forwards);
  const kept = run.forwards.filter((each) => expected.some((other) => sameForward(each, other)));
  for (const each of run.forwards.filter((other) => !kept.includes(other))) {
    await monitor(qmp, `hostfwd_remove ${networkId(each.network)} ${hostSide(each)}`, REMOVED);
  }
  // Those that stay are QEMU's own by now: only the others are looked for on the host.
  const fresh = await pickForwards(onlyForwards(machine, kept), []);
  for (const each of fresh) {
    await monitor(qmp, `hostfwd_add ${networkId(each.network)} ${hostForward(each)}`, /^$/);
  }
  const started = run.machine && { ...run.machine, networks: withForwards(run.machine, machine) };
  return { ...run, forwards: [...kept, ...fresh], machine: started };
};

/** The machine without the forwards that QEMU has already. */
function onlyForwards(machine: Machine, kept: readonly ForwardResult[]): Machine {
  const networks = Object.entries(networksOf(machine)).map(([network, each]) => {
    const has = (name: string) => kept.some((other) => other.network === network && other.name === name);
    const missing = Object.entries(each.forwards).filter(([name]) => !has(name));
    return [network, { ...each, forwards: Object.fromEntries(missing) }] as const;
  });
  return { ...machine, networks: Object.fromEntries(networks) };
}

/** Everything of the networks as QEMU was started with, but for the forwards. */
function withForwards(started: Machine, wanted: Machine): Machine["networks"] {
  const merged = Object.entries(networksOf(started)).map(([name, network]) => [
    name,
    { ...network, forwards: networksOf(wanted)[name]?.forwards ?? {} },
  ]);
  return Object.fromEntries(merged);
}

const hostSide = ({ protocol, host_address, host_port }: ForwardResult): string =>
  `${protocol}:${host_address}:${host_port}`;

function sameForward(a: ForwardResult, b: ForwardResult): boolean {
  return a.network === b.network && hostSide(a) === hostSide(b) && a.guest_port === b.guest_port;
}

const REMOVED = /^host forwarding rule for .* (removed|not found)$/;

/** The human monitor answers in words alone: anything but the expected ones is a failure. */
async function monitor(qmp: Qmp, line: string, expected: RegExp): Promise<void> {
  const answer = (await qmp.execute("human-monitor-command", { "command-line": line })).trim();
  if (expected.test(answer)) return;
  throw new GuestkitError("E_FORWARD", `Cannot change the forwards: ${answer}`, {
    at: { field: ["networks"] },
    help: "Another program may have taken the port: choose another host_port, or 0 for any.",
  });
}

const changeMedia: Change1 = async ({ qmp, machine, run }) => {
  for (const [name, { image }] of Object.entries(machine.cdroms)) {
    if (image === (run.machine?.cdroms[name]?.image ?? undefined)) continue;
    const id = cdromId(name);
    if (image === null) await qmp.execute("eject", { id, force: true });
    else await qmp.execute("blockdev-change-medium", { id, filename: image, format: "raw", force: true });
  }
  return { ...run, machine: run.machine && { ...run.machine, cdroms: machine.cdroms } };
};

const growDisks: Change1 = async ({ qmp, machine, run }) => {
  for (const [name, { size, overlay }] of Object.entries(machine.disks)) {
    const before = run.machine?.disks[name]?.size;
    if (!overlay || size === null || size === before) continue;
    await qmp.execute("block_resize", { "node-name": diskId(name), size });
  }
  return { ...run, machine: run.machine && { ...run.machine, disks: machine.disks } };
};

/** Without a wish the guest gets all of its memory back. */
const changeBalloon: Change1 = async ({ qmp, machine, run }) => {
  await qmp.execute("balloon", { value: machine.balloon ?? memoryOf(machine) });
  return { ...run, machine: run.machine && { ...run.machine, balloon: machine.balloon } };
};

/** Shares through channels; those of `vm mount` stay. */
const changeMounts: Change1 = async ({ machine, run, folder, context }) => {
  const changed = await changeShares(machine.shares, { machine, folder, run }, context);
  return { ...changed, machine: changed.machine && { ...changed.machine, shares: machine.shares } };
};
