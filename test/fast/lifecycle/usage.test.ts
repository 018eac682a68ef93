import { describe, expect, it } from "vitest";
import { sorted, usageTable } from "../../../cli/verb/vm/top-table.ts";
import type { Sample } from "../../../core/lifecycle/usage/sample.ts";
import { restingUsage, usageOf } from "../../../core/lifecycle/usage/usage.ts";

const MIB = 1 << 20;

/** A sample after so many seconds, with everything counted at a steady pace. */
function sampleAt(seconds: number, more: Partial<Sample> = {}): Sample {
  const at = seconds * 1000;
  return {
    qemu: { pid: 1, tag: "x" },
    at,
    process: {
      cpuSeconds: seconds * 1.5,
      threads: new Map([
        [10, seconds],
        [11, seconds / 4],
      ]),
      residentBytes: 100 * MIB,
      uptime: seconds,
    },
    monitor: {
      at,
      status: "running",
      memory: 256 * MIB,
      vcpuThreads: [10, 11],
      balloon: { actual: 256 * MIB, used: 64 * MIB },
      disks: { readBytes: seconds * MIB, writeBytes: seconds * 2 * MIB, reads: seconds * 10, writes: seconds * 20 },
      hasAgent: true,
    },
    traffic: { received: seconds * 1000, sent: seconds * 500, source: "guest", at },
    ...more,
  };
}

describe("usage", () => {
  it("is what came to it between two samples, by the second", () => {
    expect(usageOf("web", sampleAt(14), sampleAt(10))).toMatchObject({
      ...{ name: "web", status: "running", uptime: 14, cpu_percent: 150, vcpu_percent: [100, 25] },
      ...{ disk_read_bytes: MIB, disk_write_bytes: 2 * MIB, disk_reads: 10, disk_writes: 20 },
      ...{ network_received_bytes: 1000, network_sent_bytes: 500, network_source: "guest" },
      ...{ memory: 256 * MIB, resident_memory: 100 * MIB, guest_used_memory: 64 * MIB },
    });
  });

  it("has no rates without an earlier sample, and where a counter began again", () => {
    expect(usageOf("web", sampleAt(14), null)).toMatchObject({ cpu_percent: null, disk_reads: null, uptime: 14 });
    const rebooted = sampleAt(14, { traffic: { received: 3, sent: 3, source: "guest", at: 14_000 } });
    expect(usageOf("web", rebooted, sampleAt(10))).toMatchObject({ network_sent_bytes: null, disk_writes: 20 });
  });

  it("does not mix what host and guest count", () => {
    const byHost = sampleAt(14, { traffic: { received: 1e9, sent: 1e9, source: "host", at: 14_000 } });
    expect(usageOf("web", byHost, sampleAt(10))).toMatchObject({ network_sent_bytes: null, network_source: "host" });
  });

  it("says so where QEMU does not answer", () => {
    const silent = sampleAt(14, { monitor: null, traffic: null });
    expect(usageOf("web", silent, sampleAt(10))).toMatchObject({
      ...{ status: "not answering", cpu_percent: 150, vcpu_percent: [], memory: null, disk_reads: null },
    });
  });

  it("does not claim to know processors that share a thread", () => {
    const { monitor } = sampleAt(14);
    const shared = monitor && { ...monitor, vcpuThreads: [10, 10] };
    expect(usageOf("web", sampleAt(14, { monitor: shared }), sampleAt(10)).vcpu_percent).toEqual([null, null]);
  });
});

describe("the table", () => {
  const rows = [
    usageOf("busy", sampleAt(14), sampleAt(10)),
    restingUsage("off", "stopped"),
    { ...usageOf("idle", sampleAt(90_000), sampleAt(89_990)), cpu_percent: 0.2 },
  ];

  it("has what is used, and - for what nothing tells", () => {
    const [head, ...lines] = usageTable(rows).trimEnd().split("\n");
    expect(head).toMatch(/^NAME +STATUS +%CPU +%VCPU +RESIDENT/);
    expect(lines[0]).toMatch(/^busy +running +150\.0 +125\.0 +100 MiB +256 MiB +64 MiB +1 MiB +2 MiB +30 /);
    expect(lines[1]).toMatch(/^off +stopped( +-){11}$/);
    expect(lines[2]).toMatch(/1d01h$/);
    expect(usageTable([])).toBe("No machine runs.\n");
  });

  it("is sorted by what is asked for, what is unknown last", () => {
    const names = (by: string) => sorted(rows, by).map(({ name }) => name);
    expect(names("cpu")).toEqual(["busy", "idle", "off"]);
    expect(names("uptime")).toEqual(["idle", "busy", "off"]);
    expect(names("name")).toEqual(["busy", "idle", "off"]);
  });
});
