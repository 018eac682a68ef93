import { formatSize } from "@guestkit/core/kit";
import type { Usage } from "@guestkit/core/machine";
import { table } from "../../output/table.ts";

const HEAD = [
  ...["NAME", "STATUS", "%CPU", "%VCPU", "RESIDENT", "BALLOON", "USED"],
  ...["READ/s", "WRITE/s", "OPS/s", "RECEIVED/s", "SENT/s", "UPTIME"],
];

/** Rows for people; what nothing tells is "-". */
export function usageTable(rows: readonly Usage[]): string {
  if (rows.length === 0) return "No machine runs.\n";
  return table([HEAD, ...rows.map(cells)]);
}

function cells(each: Usage): readonly (string | null)[] {
  return [
    each.name,
    each.status,
    percent(each.cpu_percent),
    percent(sum(each.vcpu_percent)),
    size(each.resident_memory),
    size(each.balloon_memory),
    size(each.guest_used_memory),
    size(each.disk_read_bytes),
    size(each.disk_write_bytes),
    whole(sum([each.disk_reads, each.disk_writes])),
    size(each.network_received_bytes),
    size(each.network_sent_bytes),
    each.uptime === null ? null : span(each.uptime),
  ];
}

const percent = (value: number | null) => (value === null ? null : value.toFixed(1));
const size = (value: number | null) => (value === null ? null : formatSize(Math.round(value)));
const whole = (value: number | null) => (value === null ? null : String(Math.round(value)));

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((each) => each !== null);
  return known.length === 0 ? null : known.reduce((total, each) => total + each, 0);
}

/** `3d04h`, `4h05m`, `5m06s`, `7s` */
function span(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h${two((seconds % 3_600) / 60)}m`;
  return `${Math.floor(seconds / 86_400)}d${two((seconds % 86_400) / 3_600)}h`;
}

const KEYS: Readonly<Record<string, (each: Usage) => number | null>> = {
  cpu: (each) => each.cpu_percent,
  memory: (each) => each.resident_memory,
  disk: (each) => sum([each.disk_read_bytes, each.disk_write_bytes]),
  network: (each) => sum([each.network_received_bytes, each.network_sent_bytes]),
  uptime: (each) => each.uptime,
};

/** The most first, what is not known last, else by name. */
export function sorted(rows: readonly Usage[], by: string): readonly Usage[] {
  const key = KEYS[by] ?? (() => 0);
  const order = (each: Usage) => key(each) ?? -1;
  return rows.toSorted((a, b) => order(b) - order(a) || (a.name < b.name ? -1 : 1));
}
