import type { Command, Printed } from "../../cli/command/command.ts";
import { parse } from "../../cli/command/parse.ts";
import { commandOf } from "../../cli/command/table.ts";
import { faultsBy } from "./schemas.ts";

/** What a command printed. */
export interface Told {
  readonly stdout: string;
  readonly stderr: string;
}

/** What is wrong with what a command told in JSON by the published schemas; null where nothing is. */
export async function faultOf(args: readonly string[], { stdout, stderr }: Told): Promise<string | null> {
  return (await printedFault(args, stdout)) ?? (await asideFault(args, stderr));
}

/** By the schemas that its verb names: one of them fits. */
async function printedFault(args: readonly string[], stdout: string): Promise<string | null> {
  const values = valuesIn(stdout);
  const faults: string[] = [];
  for (const printed of printedBy(args)) {
    const fault = await faultsOf(printed, values);
    if (fault === null) return null;
    faults.push(fault);
  }
  if (faults.length === 0) return null;
  return `guestkit ${args.join(" ")} printed what is not as published:\n${faults.join("\n")}`;
}

/** Each value that was printed, and the document that it is. */
export async function documentsIn(args: readonly string[], stdout: string) {
  const values = valuesIn(stdout);
  for (const printed of printedBy(args))
    if ((await faultsOf(printed, values)) === null) return values.map((value) => ({ ...printed, value }));
  return [];
}

const faultsOf = ({ schema, list }: Printed, values: readonly unknown[]): Promise<string | null> =>
  faultsBy(schema, list === undefined ? "" : `#/properties/${list}/items`, values);

/** One document, or one a line: the last may be cut off, where a test stopped the command. */
function valuesIn(stdout: string): readonly unknown[] {
  try {
    return [JSON.parse(stdout)];
  } catch {
    const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1).split("\n");
    return whole.filter((line) => line !== "").map((line) => JSON.parse(line));
  }
}

/** What goes to standard error, by a field that it alone has. */
const ASIDE: readonly (readonly [field: string, schema: string])[] = [
  ["error", "failure"],
  ["summary", "machine-summary"],
  ["level", "log-line"],
];

async function asideFault(args: readonly string[], stderr: string): Promise<string | null> {
  for (const line of stderr.split("\n").filter((each) => each.startsWith("{") && each.endsWith("}"))) {
    const told = parsed(line);
    const [, schema] = ASIDE.find(([field]) => told && field in told) ?? [];
    const fault = schema === undefined ? null : await faultsBy(schema, "", [told]);
    if (fault !== null) return `guestkit ${args.join(" ")} told what is not as published:\n${fault}`;
  }
  return null;
}

/** It may be a program's that guestkit ran. */
function parsed(line: string): object | null {
  try {
    return JSON.parse(line) as object;
  } catch {
    return null;
  }
}

/** What a command line will print in JSON; nothing where it makes no sense. */
export function printedBy(args: readonly string[]): readonly Printed[] {
  for (const count of [3, 2, 1]) {
    const command = commandOf(args.slice(0, count).join(" "));
    if (!command) continue;
    const more = takesJson(command, args.slice(count)) ? (command.options.json?.prints ?? []) : [];
    return [...(command.prints ?? []), ...more];
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
