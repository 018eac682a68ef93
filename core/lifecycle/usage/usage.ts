import type { NetworkSample, Sample } from "./sample.ts";

/** What one machine uses. Rates are for a second; null is what nothing tells. */
export interface Usage {
  readonly name: string;
  readonly time: string;
  readonly status: string;
  readonly uptime: number | null;
  readonly cpu_percent: number | null;
  readonly vcpu_percent: readonly (number | null)[];
  readonly memory: number | null;
  readonly resident_memory: number | null;
  readonly balloon_memory: number | null;
  readonly guest_used_memory: number | null;
  readonly disk_read_bytes: number | null;
  readonly disk_write_bytes: number | null;
  readonly disk_reads: number | null;
  readonly disk_writes: number | null;
  readonly network_received_bytes: number | null;
  readonly network_sent_bytes: number | null;
  readonly network_source: "host" | "guest" | null;
}

/** QEMU's process is there, and its monitor says nothing. */
export const NOT_ANSWERING = "not answering";

/** What was used between two samples of the same start; without the earlier one there are no rates. */
export function usageOf(name: string, now: Sample, before: Sample | null): Usage {
  const { process, monitor } = now;
  return {
    name,
    time: new Date().toISOString(),
    status: monitor?.status ?? NOT_ANSWERING,
    uptime: process && rounded(process.uptime),
    ...processorOf(now, before),
    memory: monitor?.memory ?? null,
    resident_memory: process?.residentBytes ?? null,
    balloon_memory: monitor?.balloon.actual ?? null,
    guest_used_memory: monitor?.balloon.used ?? null,
    ...disksOf(now, before),
    ...networkOf(now.traffic, before?.traffic ?? null),
  };
}

/** A machine without a QEMU that could be measured. */
export function restingUsage(name: string, status: string): Usage {
  return {
    ...{ name, time: new Date().toISOString(), status, uptime: null, cpu_percent: null, vcpu_percent: [] },
    ...{ memory: null, resident_memory: null, balloon_memory: null, guest_used_memory: null },
    ...{ disk_read_bytes: null, disk_write_bytes: null, disk_reads: null, disk_writes: null },
    ...{ network_received_bytes: null, network_sent_bytes: null, network_source: null },
  };
}

function processorOf(now: Sample, before: Sample | null) {
  const percent = (later: number | undefined, earlier: number | undefined) => {
    const used = rate(later, earlier, now.at, before?.at);
    return used === null ? null : rounded(used * 100);
  };
  const threads = now.monitor?.vcpuThreads ?? [];
  const isOwn = (thread: number) => threads.filter((each) => each === thread).length === 1;
  const time = (sample: Sample | null, thread: number) => sample?.process?.threads.get(thread);
  return {
    cpu_percent: percent(now.process?.cpuSeconds, before?.process?.cpuSeconds),
    vcpu_percent: threads.map((thread) => (isOwn(thread) ? percent(time(now, thread), time(before, thread)) : null)),
  };
}

function disksOf(now: Sample, before: Sample | null) {
  const later = now.monitor;
  const earlier = before?.monitor;
  const each = (name: keyof NonNullable<typeof later>["disks"]) =>
    nullOrRounded(rate(later?.disks[name], earlier?.disks[name], later?.at, earlier?.at));
  return {
    disk_read_bytes: each("readBytes"),
    disk_write_bytes: each("writeBytes"),
    disk_reads: each("reads"),
    disk_writes: each("writes"),
  };
}

function networkOf(now: NetworkSample | null, before: NetworkSample | null) {
  const earlier = before?.source === now?.source ? before : null;
  const each = (name: "received" | "sent") => nullOrRounded(rate(now?.[name], earlier?.[name], now?.at, earlier?.at));
  return {
    network_received_bytes: each("received"),
    network_sent_bytes: each("sent"),
    network_source: now?.source ?? null,
  };
}

/** A second's worth; null where one side is missing, and where it counts from the beginning again. */
function rate(
  later: number | undefined,
  earlier: number | undefined,
  laterAt: number | undefined,
  earlierAt: number | undefined,
): number | null {
  if (later === undefined || earlier === undefined || laterAt === undefined || earlierAt === undefined) return null;
  return later < earlier || laterAt <= earlierAt ? null : ((later - earlier) * 1000) / (laterAt - earlierAt);
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
const nullOrRounded = (value: number | null): number | null => (value === null ? null : rounded(value));
