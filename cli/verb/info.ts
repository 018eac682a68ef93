import { type ImageInfo, info } from "@guestkit/core/inspect";
import { formatSize } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { deviceRows } from "../output/device-tree.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { shown, table } from "../output/table.ts";
import { note, placeOf } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, flags } = invocation;
  const found = await info(positionals[0] ?? "", placeOf(invocation));
  if (flags.has("json")) {
    writeJson(found);
    return EXIT.done;
  }
  writeOut(describe(found));
  for (const warning of found.warnings) note(shown(warning));
  return EXIT.done;
}

function describe(found: ImageInfo): string {
  const facts = table([
    ["Format:", found.format],
    ["Virtual size:", `${formatSize(found.virtual_size)} (${found.virtual_size} bytes)`],
    ["Size on disk:", formatSize(found.actual_size)],
    ...found.backing_chain.map((parent) => ["Backed by:", parent]),
    ["Partition table:", found.partition_table],
    ...(found.filesystem ? [["File system:", found.filesystem]] : []),
    ...(found.owner === null
      ? []
      : [["Owner:", [found.owner, found.owner_file].filter((each) => each !== null).join(" ")]]),
    ...Object.entries(found.details).map(([key, value]) => [`${key}:`, value]),
  ]);
  const snapshots = found.snapshots.map((each) => [each.id, each.name, each.created_at]);
  return [facts, section("Devices", deviceRows(found)), section("Snapshots", snapshots)].join("");
}

function section(title: string, rows: readonly (readonly unknown[])[]): string {
  return rows.length > 0 ? `${title}:\n${table(rows).replace(/^(?=.)/gm, "  ")}` : "";
}
