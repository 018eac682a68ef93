import type { DeviceInfo, ImageInfo } from "@guestkit/core/inspect";
import { formatSize } from "@guestkit/core/kit";

/** Deeper ones are drawn as deep as this. */
const MAX_INDENT = 16;

/**
 * The devices of a machine as rows of a table, each below the first of those that it is made of. Snapshots, of which there
 * may be hundreds, are only counted.
 */
export function deviceRows({ devices, disks }: Pick<ImageInfo, "devices" | "disks">): readonly (readonly unknown[])[] {
  const tables = new Map(disks.map(({ device, partition_table }) => [device, partition_table]));
  const children = Map.groupBy(devices, ({ stands_on }) => stands_on[0] ?? "");
  const rows: unknown[][] = [];
  const todo = (children.get("") ?? []).map((each) => ({ each, depth: 0 })).reverse();
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { each, depth } = next;
    rows.push(row(each, depth, tables.get(each.device) ?? null));
    const below = children.get(each.device) ?? [];
    const snapshots = below.filter(({ is_snapshot }) => is_snapshot).length;
    if (snapshots > 0) rows.push([`${indent(depth + 1)}${snapshots} snapshots (--json names them)`]);
    for (const child of below.filter(({ is_snapshot }) => !is_snapshot).reverse()) {
      todo.push({ each: child, depth: depth + 1 });
    }
  }
  return rows;
}

function row(each: DeviceInfo, depth: number, table: string | null): unknown[] {
  const others = each.stands_on.slice(1);
  const notes = [
    each.error === null ? null : each.error.replace(/:.*/s, ""),
    others.length > 0 ? `also on ${others.join(", ")}` : null,
    each.aliases.length > 0 ? `= ${each.aliases.join(", ")}` : null,
  ].filter((note) => note !== null);
  const name = `${indent(depth)}${each.device}`;
  return [name, each.filesystem ?? table, formatSize(each.size), each.partition_name, each.label, notes.join("; ")];
}

const indent = (depth: number) => "  ".repeat(Math.min(depth, MAX_INDENT));
