import type { Command, Printed } from "../../cli/command/command.ts";
import { parse } from "../../cli/command/parse.ts";
import { commandOf } from "../../cli/command/table.ts";
import { faultsBy } from "./schemas.ts";

/** What is wrong with what a command printed with --json by the schemas that its verb names; null where nothing is, or nothing is known of it. */
export async function faultOf(args: readonly string[], stdout: string): Promise<string | null> {
  const printed = printedBy(args);
  if (printed.length === 0 || stdout === "") return null;
  const told: string[] = [];
  for (const each of printed) {
    const faults = await faultsOf(each, stdout);
    if (faults === null) return null;
    told.push(faults);
  }
  return `guestkit ${args.join(" ")} printed what is not as published:\n${told.join("\n")}`;
}

/** What a command line will print; nothing where it has no --json, or makes no sense. */
export function printedBy(args: readonly string[]): readonly Printed[] {
  if (!args.includes("--json")) return [];
  for (const count of [3, 2, 1]) {
    const command = commandOf(args.slice(0, count).join(" "));
    if (command) return takesJson(command, args.slice(count)) ? (command.options.json?.prints ?? []) : [];
  }
  return [];
}

/** It may be a word of another program's command line. */
function takesJson(command: Command, args: readonly string[]): boolean {
  try {
    return parse(command, args, new AbortController().signal).flags.has("json");
  } catch {
    return false;
  }
}

async function faultsOf({ schema, list }: Printed, stdout: string): Promise<string | null> {
  const place = list === undefined ? "" : `#/properties/${list}/items`;
  try {
    return await faultsBy(schema, place, [JSON.parse(stdout)]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // Lines. The last one may be cut off, where a test stopped the command.
  const lines = stdout
    .slice(0, stdout.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
  return await faultsBy(
    schema,
    place,
    lines.map((line) => JSON.parse(line)),
  );
}
