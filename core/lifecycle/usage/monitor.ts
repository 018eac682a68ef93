import type { Context } from "../../kit/context.ts";
import { timerMs } from "../../kit/timer.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Qmp } from "../../qemu/qmp/index.ts";
import { connectMachine, hasAgent, type Status, statusOf } from "../look/look.ts";
import { askGuestMemory, type BalloonUsage, balloonUsage } from "./balloon.ts";

/** What the guest has asked of its disks since QEMU was started. */
export interface DiskCounters {
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly reads: number;
  readonly writes: number;
}

/** What QEMU's monitor tells. */
export interface MonitorUsage {
  /** When the disks were counted (ms, monotonic). */
  readonly at: number;
  readonly status: Status;
  /** Bytes that it was started with. */
  readonly memory: number;
  /** The thread of each virtual processor. */
  readonly vcpuThreads: readonly number[];
  readonly balloon: BalloonUsage;
  readonly disks: DiskCounters;
  /** Whether something in the guest listens on the agent's channel. */
  readonly hasAgent: boolean;
}

/**
 * Asks QEMU; null where it has not answered after `timeoutMs`. The connection is short, since a monitor serves one client.
 * @param seconds how often QEMU shall ask the guest for its memory from now on; undefined leaves that as it is
 */
export async function monitorUsage(
  folder: MachineFolder,
  timeoutMs: number,
  seconds: number | undefined,
  context: Context,
): Promise<MonitorUsage | null> {
  return await withMonitor(folder, timeoutMs, context, async (qmp) => {
    if (seconds !== undefined) await askGuestMemory(qmp, seconds);
    const { status } = await qmp.execute("query-status");
    const { "base-memory": memory } = await qmp.execute("query-memory-size-summary");
    const cpus = await qmp.execute("query-cpus-fast");
    const disks = await diskCounters(qmp);
    return {
      at: performance.now(),
      status: statusOf(status),
      memory,
      vcpuThreads: cpus.map((each) => each["thread-id"]),
      balloon: await balloonUsage(qmp),
      disks,
      hasAgent: await hasAgent(qmp),
    };
  });
}

/** Has QEMU leave the guest alone again, where it answers. */
export async function leaveMonitor(folder: MachineFolder, timeoutMs: number, context: Context): Promise<void> {
  await withMonitor(folder, timeoutMs, context, (qmp) => askGuestMemory(qmp, 0));
}

async function withMonitor<T>(
  folder: MachineFolder,
  timeoutMs: number,
  context: Context,
  ask: (qmp: Qmp) => Promise<T>,
): Promise<T | null> {
  const late = AbortSignal.timeout(timerMs(timeoutMs));
  const signal = AbortSignal.any([context.signal, late]);
  try {
    await using qmp = await connectMachine(folder, { ...context, signal }, timeoutMs);
    const hangUp = () => qmp.close();
    signal.addEventListener("abort", hangUp, { once: true });
    if (signal.aborted) hangUp();
    return await ask(qmp);
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

async function diskCounters(qmp: Qmp): Promise<DiskCounters> {
  const all = (await qmp.execute("query-blockstats")).map(({ stats }) => stats);
  const total = (name: keyof (typeof all)[number]) => all.reduce((sum, each) => sum + each[name], 0);
  return {
    readBytes: total("rd_bytes"),
    writeBytes: total("wr_bytes"),
    reads: total("rd_operations"),
    writes: total("wr_operations"),
  };
}
