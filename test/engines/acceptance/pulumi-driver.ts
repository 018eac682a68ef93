import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { camelCase, exportedName, fromPulumi, toPulumi } from "../../../pulumi/face/names.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import type { Action, Declared, Driver, Outcome, Run, Subject } from "./driver.ts";
import { referenceOf } from "./names.ts";

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** A line of `up --json`. */
interface Event {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
}

interface ShownPreview {
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { readonly message?: string }[];
}

const ACTIONS: readonly Action[] = ["replace", "create", "update", "delete"];

/** The real Pulumi; it looks at the world before each preview, as one does who expects changes behind its back. */
export async function pulumiDriver(binary: string, subject: Subject, folder: string, run: Run): Promise<Driver> {
  const project = await PulumiProject.create(binary, folder, run);
  const kind = exportedName(contractOf(subject.contract, "resource"));
  const plan = async (declared: Declared | null): Promise<Outcome> => {
    await project.write(program(subject, declared));
    const { code, stdout } = await project.preview("--refresh", "--json");
    const shown = parse<ShownPreview>(stdout);
    const text = bothNames(subject, (shown.diagnostics ?? []).map(({ message }) => message ?? "").join("\n"));
    return code === 0
      ? { ok: true, action: actionOf(kind, shown.steps ?? []), text }
      : { ok: false, action: null, text: text + stdout };
  };
  const up = async (text: string): Promise<Outcome> => {
    await project.write(text);
    const { code, stdout } = await project.up("--refresh", "--json");
    const events = stdout.split("\n").map((line) => parse<Event>(line));
    const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []));
    const said = events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []));
    const shown = said.filter(({ severity }) => severity !== "debug").map(({ message }) => message);
    return { ok: code === 0, action: actionOf(kind, steps), text: bothNames(subject, shown.join("\n")) };
  };
  return {
    name: "pulumi",
    plan,
    apply: (declared) => up(program(subject, declared)),
    adopt: async (declared, id) => {
      const urn = `urn:pulumi:test::test::pulumi-nodejs:dynamic/guestkit:${kind}::it`;
      const forgotten = await project.pulumi("state", "delete", urn, "--yes");
      if (forgotten.code !== 0) return { ok: false, action: null, text: forgotten.text };
      const taken = await up(program(subject, declared, id));
      return taken.ok ? plan(declared) : taken;
    },
    outputs: async () => ourNames(subject, await project.outputs()),
  };
}

/** Nothing where Pulumi ended before it could answer. */
function parse<T>(text: string): Partial<T> {
  try {
    return JSON.parse(text) as T;
  } catch {
    return {};
  }
}

function actionOf(kind: string, steps: readonly Step[]): Action {
  const ops = steps.filter(({ urn }) => urn.includes(`:${kind}::`)).map(({ op }) => op);
  return ACTIONS.find((action) => ops.includes(action)) ?? "none";
}

/** The program; with `adopted`, the subject is imported by that id. */
function program({ contract: own, queries, outputs }: Subject, declared: Declared | null, adopted?: string): string {
  if (!declared) return "";
  const resources = Object.entries(declared).map(([name, value]) => {
    const contract = contractOf(name, "resource");
    const options = adopted !== undefined && name === own ? `, ${JSON.stringify({ import: adopted })}` : "";
    const args = expression(toPulumi(contract.input, value));
    return `const ${camelCase(name)} = new guestkit.${exportedName(contract)}("it", ${args}${options});`;
  });
  const asked = Object.entries(queries).map(([name, value]) => {
    const contract = contractOf(name, "query");
    const args = expression(toPulumi(contract.input, value));
    return `const ${camelCase(name)} = guestkit.${exportedName(contract)}Output(${args});`;
  });
  const shown = Object.entries(outputs).map(([name, value]) => `exports.${name} = ${expression(value)};`);
  return [...resources, ...asked, ...shown].join("\n");
}

/** A value as JavaScript: a text that is a reference is that output. */
function expression(value: unknown): string {
  return JSON.stringify(value).replace(/"(\$\{\w+\.it\.\w+\})"/g, (_, text: string) => {
    const { contract, field } = referenceOf(text);
    return `${camelCase(contract)}.${camelCase(field)}`;
  });
}

/** Outputs with the contract's names again. */
function ourNames(
  { queries, outputs }: Subject,
  shown: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(outputs).map(([name, text]) => {
    const { contract, field } = referenceOf(text);
    const { input, output } = contractOf(contract, contract in queries ? "query" : "resource");
    const value = { [camelCase(field)]: shown[name] } as ValueObject;
    return [name, fromPulumi([...input, ...output], value)[field]];
  });
  return Object.fromEntries(entries);
}

/** What Pulumi says, with the contract's names beside Pulumi's. */
function bothNames({ contract }: Subject, text: string): string {
  const { input, output } = contractOf(contract, "resource");
  const ours = [...input, ...output].reduce((shown, { name }) => shown.replaceAll(camelCase(name), name), text);
  return `${text}\n${ours}`;
}
