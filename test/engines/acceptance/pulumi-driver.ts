import type { ValueObject } from "../../../core/model/value.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import type { Action, Driver, Outcome, Run } from "./driver.ts";

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
export async function pulumiDriver(binary: string, folder: string, run: Run): Promise<Driver> {
  const project = await PulumiProject.create(binary, folder, run);
  const plan = async (declared: ValueObject | null): Promise<Outcome> => {
    await project.write(program(declared));
    const { code, stdout } = await project.preview("--refresh", "--json");
    const shown = parse<ShownPreview>(stdout);
    const text = contractNames((shown.diagnostics ?? []).map(({ message }) => message ?? "").join("\n"));
    return code === 0
      ? { ok: true, action: actionOf(shown.steps ?? []), text }
      : { ok: false, action: null, text: text + stdout };
  };
  return {
    name: "pulumi",
    plan,
    apply: async (declared) => {
      await project.write(program(declared));
      const { code, stdout } = await project.up("--refresh", "--json");
      const events = stdout.split("\n").map((line) => parse<Event>(line));
      const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []));
      const said = events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []));
      const text = said.filter(({ severity }) => severity !== "debug").map(({ message }) => message);
      return { ok: code === 0, action: actionOf(steps), text: contractNames(text.join("\n")) };
    },
    inspected: async () => {
      const { distro, hostname } = await project.outputs();
      return { distro, hostname };
    },
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

function actionOf(steps: readonly Step[]): Action {
  const ops = steps.filter(({ urn }) => urn.includes(":DiskImage::")).map(({ op }) => op);
  return ACTIONS.find((action) => ops.includes(action)) ?? "none";
}

function program(declared: ValueObject | null): string {
  if (!declared) return "";
  return `
    const image = new guestkit.DiskImage("image", ${JSON.stringify(camelKeys(declared))});
    const inside = guestkit.getInspectionOutput({ diskImage: image.id });
    exports.distro = inside.distro;
    exports.hostname = inside.hostname;
  `;
}

/** The scenario speaks the contract's names; there are no maps in it, whose keys would have to stay. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value;
  const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [camel(key), camelKeys(each)]));
}

/** What Pulumi says, with the contract's names beside Pulumi's. */
function contractNames(text: string): string {
  return `${text}\n${text.replace(/\b(backing|delete)([FP])/g, (_, head: string, next: string) => `${head}_${next.toLowerCase()}`)}`;
}
