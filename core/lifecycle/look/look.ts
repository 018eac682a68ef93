import { access } from "node:fs/promises";
import { isAlive } from "../../host/owner.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError } from "../../kit/errors.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { type Run, readRun } from "../../machine/run.ts";
import { connectQmp, type Qmp } from "../../qemu/qmp/index.ts";
import { findOrphan } from "./orphan.ts";

export type Status = "running" | "paused" | "stopped" | "crashed" | "panicked";

/** A machine as QEMU and the process table show it. */
export interface Look {
  readonly status: Status;
  /** The start that it runs from; the last one's remains where it crashed. */
  readonly run: Run | null;
  /** What QEMU says of the guest; null where it does not run, or does not answer. */
  readonly live: Live | null;
  readonly warning: string | null;
}

export interface Live {
  /** Bytes that it was started with. */
  readonly memory: number;
  readonly cpus: number;
  /** The medium in each CD-ROM drive, by the drive's name; null is an empty one. */
  readonly media: Readonly<Record<string, string | null>>;
  /** Whether something in the guest listens on the agent's channel: what does not is not waited for. */
  readonly hasAgent: boolean;
}

/** How long QEMU may take to say what it is (ms): it answers within a few, unless it is stopped or busy. */
const PATIENCE = 3_000;

/** Looks at a machine; changes nothing. */
export async function look(folder: MachineFolder, context: Context): Promise<Look> {
  const run = await runningOf(folder);
  if (run?.qemu && isAlive(run.qemu)) return { run, ...(await ask(folder, context)) };
  // QEMU removes its socket when it ends in an orderly way.
  const crashed = run?.qemu && (await isThere(folder.socket("qmp")));
  return { status: crashed ? "crashed" : "stopped", run, live: null, warning: null };
}

/** Whether QEMU runs, by the process table alone. */
export async function isRunning(folder: MachineFolder): Promise<boolean> {
  const run = await runningOf(folder);
  return run?.qemu ? isAlive(run.qemu) : false;
}

/** The run of `run.json`, or that of a QEMU which is not in it. */
export async function runningOf(folder: MachineFolder): Promise<Run | null> {
  const run = await readRun(folder);
  if (run?.qemu && isAlive(run.qemu)) return run;
  if (!(await isThere(folder.sockets))) return run;
  return (await findOrphan(folder, run)) ?? run;
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function ask(folder: MachineFolder, context: Context): Promise<Omit<Look, "run">> {
  try {
    await using qmp = await connectMachine(folder, context, PATIENCE);
    const { status } = await qmp.execute("query-status");
    return { status: statusOf(status), live: await liveOf(qmp), warning: null };
  } catch (error) {
    const warning = `QEMU runs and does not answer: ${asGuestkitError(error).message}`;
    return { status: "running", live: null, warning };
  }
}

/**
 * A QMP connection to a running machine within `timeoutMs`: the first socket, or the second where somebody sits on the
 * first, which has a third of the time.
 */
export async function connectMachine(folder: MachineFolder, context: Context, timeoutMs = PATIENCE): Promise<Qmp> {
  const first = Math.ceil(timeoutMs / 3);
  try {
    return await connectQmp(folder.socket("qmp"), { signal: context.signal, timeoutMs: first });
  } catch (error) {
    if (asGuestkitError(error).code !== "E_QMP_BUSY") throw error;
    return connectQmp(folder.socket("qmp2"), { signal: context.signal, timeoutMs: timeoutMs - first });
  }
}

/** QEMU's run states in our words: what is neither running nor panicked stands still. */
export function statusOf(status: string): Status {
  if (status === "running") return "running";
  return status === "guest-panicked" ? "panicked" : "paused";
}

async function liveOf(qmp: Qmp): Promise<Live> {
  const memory = await qmp.execute("query-memory-size-summary");
  const cpus = await qmp.execute("query-cpus-fast");
  const block = await qmp.execute("query-block");
  const drives = block.flatMap((each) => {
    const name = /(?:^|\/)cd-([^/]+?)(?:\/|$)/.exec(each.qdev ?? "")?.[1];
    return name === undefined ? [] : [[name, each.inserted?.file ?? null] as const];
  });
  return {
    ...{ memory: memory["base-memory"], cpus: cpus.length, media: Object.fromEntries(drives) },
    hasAgent: await hasAgent(qmp),
  };
}

/** Whether something in the guest has the agent's channel open. One that does may still be deaf. */
export async function hasAgent(qmp: Qmp): Promise<boolean> {
  const chardevs = await qmp.execute("query-chardev");
  return chardevs.some((each) => each.label === "agent" && each["frontend-open"]);
}
