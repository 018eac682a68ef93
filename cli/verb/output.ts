import { GuestkitError, SECRET } from "@guestkit/core/kit";
import { isWhollyKnown, type Value, type ValueObject } from "@guestkit/core/model";
import { type Project, readOutputs, shown } from "@guestkit/core/project";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { tellFailures } from "../project/execute.ts";
import { openSession } from "../project/session.ts";
import { describeOutputs, describeValue, refusal } from "../project/show.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { command, flags, positionals } = invocation;
  const [name] = positionals;
  if (flags.has("raw") && flags.has("json")) throw usage(command, "--raw and --json are two ways to print one value");
  if (flags.has("raw") && name === undefined) throw usage(command, "--raw wants the NAME of one output");
  const { project, call } = await openSession(invocation);
  const refused = refusal(project, project.diagnostics);
  if (refused) throw refused;
  const all = Object.keys(project.outputs);
  if (name !== undefined && !all.includes(name)) throw unknownName(project, name);
  const { values, failures } = await readOutputs(project, name === undefined ? all : [name], call);
  tellFailures(failures, flags.has("json"));
  if (name === undefined) writeAll(project, values, flags);
  else if (failures.size === 0) writeOne(project, name, values[name] ?? null, flags);
  return failures.size === 0 ? EXIT.done : EXIT.failed;
}

function writeAll({ secretOutputs }: Project, values: ValueObject, flags: ReadonlySet<string>): void {
  const told: ValueObject = Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Value] => [name, secretOutputs.has(name) ? SECRET : value]),
  );
  if (flags.has("json")) writeJson(shown(told));
  else writeOut(describeOutputs(told, ""));
}

function writeOne({ secretOutputs }: Project, name: string, value: Value, flags: ReadonlySet<string>): void {
  if (!isWhollyKnown(value)) throw notYet(name);
  if (flags.has("json")) writeJson(value);
  else if (flags.has("raw")) writeOut(rawText(name, value));
  else writeOut(`${describeValue(secretOutputs.has(name) ? SECRET : value)}\n`);
}

function rawText(name: string, value: Value): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  const what = value === null ? "it has no value" : Array.isArray(value) ? "it is a list" : "it is a map";
  throw new GuestkitError("E_OUTPUT_RAW", `Cannot print "${name}" as it is: ${what}`, {
    help: `Print it as JSON: guestkit output ${name} --json`,
  });
}

function unknownName({ outputs, document }: Project, name: string): GuestkitError {
  return new GuestkitError("E_OUTPUT_UNKNOWN", `Cannot show "${name}": the project file has no such output`, {
    at: { file: document.file },
    help: `Outputs: ${Object.keys(outputs).join(", ") || "none"}`,
  });
}

function notYet(name: string): GuestkitError {
  return new GuestkitError("E_OUTPUT_NOT_YET", `Cannot show "${name}": what it hangs on is not there yet`, {
    help: "Make it: guestkit apply",
  });
}
