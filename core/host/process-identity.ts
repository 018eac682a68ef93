import { readFile } from "node:fs/promises";

/** Tells one process from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot (proc(5), stat field 22); null where there is no /proc. */
  readonly startTime: string | null;
  readonly bootId: string | null;
}

export async function identifyProcess(pid = process.pid): Promise<ProcessIdentity> {
  const [startTime, bootId] = await Promise.all([startTimeOf(pid), readBootId()]);
  return { pid, startTime, bootId };
}

/** Whether the very process of that identity still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(identity.pid);
  if (identity.bootId !== now.bootId) return false;
  if (now.bootId !== null) return now.startTime !== null && now.startTime === identity.startTime;
  return signalReaches(identity.pid);
}

async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  // The command name may hold spaces and parentheses: fields count from the last one.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

async function readBootId(): Promise<string | null> {
  const text = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => null);
  return text?.trim() ?? null;
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
