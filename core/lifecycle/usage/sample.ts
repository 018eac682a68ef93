import type { Owner } from "../../host/owner.ts";
import type { Context } from "../../kit/context.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { guestTraffic } from "./guest-traffic.ts";
import { type MonitorUsage, monitorUsage } from "./monitor.ts";
import { type ProcessUsage, processUsage } from "./process.ts";
import { type Traffic, tapTraffic } from "./tap.ts";

/** What was counted of one machine at one moment. */
export interface Sample {
  readonly qemu: Owner;
  /** Milliseconds, monotonic. */
  readonly at: number;
  readonly process: ProcessUsage | null;
  /** Null where QEMU does not answer. */
  readonly monitor: MonitorUsage | null;
  readonly traffic: NetworkSample | null;
}

export interface NetworkSample extends Traffic {
  readonly source: "host" | "guest";
  /** Milliseconds, monotonic: the guest takes its time. */
  readonly at: number;
}

export interface SampleOptions {
  /** Milliseconds that QEMU and the guest have together. */
  readonly timeoutMs: number;
  /** How often QEMU shall ask the guest for its memory from now on (seconds). */
  readonly askGuest?: number | undefined;
}

/** Never longer than `timeoutMs` or a little more; what does not answer in time is missing. */
export async function sampleMachine(
  qemu: Owner,
  folder: MachineFolder,
  { timeoutMs, askGuest }: SampleOptions,
  context: Context,
): Promise<Sample> {
  const started = performance.now();
  const process = await processUsage(qemu);
  const at = performance.now();
  const monitor = await monitorUsage(folder, timeoutMs, askGuest, context);
  const left = timeoutMs - (performance.now() - started);
  return { qemu, at, process, monitor, traffic: await trafficOf(qemu, folder, monitor, left, context) };
}

/** The host's own count is the better one: the guest may say anything, or nothing. */
async function trafficOf(
  qemu: Owner,
  folder: MachineFolder,
  monitor: MonitorUsage | null,
  timeoutMs: number,
  context: Context,
): Promise<NetworkSample | null> {
  const own = await tapTraffic(qemu.pid);
  if (own) return { ...own, source: "host", at: performance.now() };
  if (!monitor?.hasAgent || monitor.status !== "running" || timeoutMs <= 0) return null;
  const told = await guestTraffic(folder, timeoutMs, context.signal);
  return told && { ...told, source: "guest", at: performance.now() };
}
