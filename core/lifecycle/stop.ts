import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, type Owner } from "../host/owner.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { Timeouts } from "../machine/machine.ts";
import { readMemory } from "../machine/memory.ts";
import { clearRun, type Run } from "../machine/run.ts";
import { connectAgent } from "../qemu/agent/index.ts";
import { runShutdownCommands } from "./daily/commands.ts";
import { connectMachine, hasAgent, runningOf } from "./look/look.ts";

/** How a machine was brought to its end. */
export type Stopped = "not running" | "shut down" | "quit" | "killed";

/** A guest that is busy booting overlooks the power button: it is pressed again (ms). */
const PRESS_EVERY = 5_000;
const POLL_MS = 50;
/** How long agent and monitor may take to take an order (ms). */
const AGENT_PATIENCE = 2_000;
const MONITOR_PATIENCE = 3_000;
/** How long a killed process may take to be gone (ms). */
const KILL_PATIENCE = 10_000;

/**
 * Stops a machine: the guest is asked (its shutdown commands, then agent, then power button), then QEMU told to quit, then
 * killed, each with its own time. With 0 seconds a stage is left out. Throws `E_MACHINE_UNKILLABLE`.
 */
export async function stopMachine(folder: MachineFolder, timeouts: Timeouts, context: Context): Promise<Stopped> {
  const run = await runningOf(folder);
  if (!run?.qemu || !isAlive(run.qemu)) {
    await clearRun(folder);
    return "not running";
  }
  const how = await endQemu(run, run.qemu, folder, timeouts, context);
  await clearRun(folder);
  return how;
}

async function endQemu(
  run: Run,
  qemu: Owner,
  folder: MachineFolder,
  timeouts: Timeouts,
  context: Context,
): Promise<Stopped> {
  const name = folder.path;
  if (timeouts.stop > 0 && (await shutDown(run, qemu, folder, timeouts.stop * 1000, context))) return "shut down";
  if (timeouts.quit > 0 && (await quit(qemu, folder, timeouts.quit * 1000, context))) return "quit";
  context.progress({ phase: "killing QEMU", detail: name });
  return kill(run, qemu);
}

async function shutDown(run: Run, qemu: Owner, folder: MachineFolder, ms: number, context: Context): Promise<boolean> {
  const deadline = performance.now() + ms;
  await resume(folder, deadline, context);
  await prepareGuest(run, folder, ms, context);
  context.progress({ phase: "asking the guest to shut down" });
  if (await tellAgent(folder, deadline, context)) return gone(qemu, deadline, context.signal);
  while (performance.now() < deadline) {
    await pressPowerButton(folder, deadline, context);
    const next = Math.min(deadline, performance.now() + PRESS_EVERY);
    if (await gone(qemu, next, context.signal)) return true;
  }
  return !isAlive(qemu);
}

/** The commands have half of the time: the guest needs the rest to end in an orderly way. */
async function prepareGuest(run: Run, folder: MachineFolder, ms: number, context: Context): Promise<void> {
  const memory = await readMemory(folder).catch(() => null);
  if (memory) await runShutdownCommands(memory, folder, run, ms / 2, context);
}

/** A paused guest hears nothing. */
async function resume(folder: MachineFolder, deadline: number, context: Context): Promise<void> {
  await tell(folder, deadline, context, "cont");
}

async function tellAgent(folder: MachineFolder, deadline: number, context: Context): Promise<boolean> {
  if (!(await mayHear(folder, deadline, context))) return false;
  try {
    await using agent = await connectAgent(folder.socket("agent"), {
      signal: context.signal,
      timeoutMs: Math.min(AGENT_PATIENCE, patience(deadline)),
    });
    await agent.shutdown("powerdown");
    return true;
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}

/** Where QEMU does not tell, the agent is asked. */
async function mayHear(folder: MachineFolder, deadline: number, context: Context): Promise<boolean> {
  try {
    await using qmp = await connectMachine(folder, context, patience(deadline));
    return await hasAgent(qmp);
  } catch {
    context.signal.throwIfAborted();
    return true;
  }
}

const pressPowerButton = (folder: MachineFolder, deadline: number, context: Context) =>
  tell(folder, deadline, context, "system_powerdown");

async function quit(qemu: Owner, folder: MachineFolder, ms: number, context: Context): Promise<boolean> {
  context.progress({ phase: "telling QEMU to quit" });
  const deadline = performance.now() + ms;
  await tell(folder, deadline, context, "quit");
  return gone(qemu, deadline, context.signal);
}

/** QEMU may end before it answers, or not answer at all: what counts is whether it is gone. */
async function tell(
  folder: MachineFolder,
  deadline: number,
  context: Context,
  command: "cont" | "system_powerdown" | "quit",
): Promise<void> {
  try {
    await using qmp = await connectMachine(folder, context, patience(deadline));
    await qmp.execute(command);
  } catch {
    context.signal.throwIfAborted();
  }
}

/** A QEMU that hears nothing takes no more of a stage than there is of it (ms). */
const patience = (deadline: number): number => Math.min(MONITOR_PATIENCE, Math.max(1, deadline - performance.now()));

/** Kills QEMU at once; the guest's unwritten data is lost. */
export async function killMachine(folder: MachineFolder): Promise<Stopped> {
  const run = await runningOf(folder);
  const how = run?.qemu && isAlive(run.qemu) ? await kill(run, run.qemu) : "not running";
  await clearRun(folder);
  return how;
}

async function kill(run: Run, qemu: Owner): Promise<"killed"> {
  // The start time was compared: this is no later process of the same number.
  if (isAlive(qemu)) process.kill(qemu.pid, "SIGKILL");
  if (await gone(qemu, performance.now() + KILL_PATIENCE)) return "killed";
  throw new GuestkitError("E_MACHINE_UNKILLABLE", `Cannot kill QEMU: process ${qemu.pid} does not end`, {
    cause: new Error(run.program),
    help: "It hangs in the host's kernel (a dead network disk?); free what it waits for, then run again.",
  });
}

/** Whether a process has ended by `deadline` (monotonic, ms). */
async function gone(qemu: Owner, deadline: number, signal?: AbortSignal): Promise<boolean> {
  while (isAlive(qemu)) {
    if (performance.now() >= deadline) return false;
    await sleep(POLL_MS, undefined, signal && { signal });
  }
  return true;
}
