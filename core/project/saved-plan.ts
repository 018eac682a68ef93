import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { tellable } from "../engine/tellable.ts";
import { readTextFile } from "../host/text-file.ts";
import { writeWhole } from "../host/whole-file.ts";
import { parseJson } from "../kit/depth.ts";
import { GuestkitError, systemError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { contractOf } from "../model/registry.ts";
import { UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import type { ProjectChange, ProjectPlan } from "./plan.ts";
import { documentOf } from "./plan-document.ts";
import type { Project } from "./project.ts";
import { concealObject } from "./secrets.ts";

const FORMAT_VERSION = 1;
/** Most bytes of a saved plan: it shows each change. */
const MOST = 256 << 20;

/** A plan in a file: what was shown, and a digest of what it was based on. No secrets. */
export interface SavedPlan {
  readonly format_version: number;
  /** The project file, absolute. */
  readonly file: string;
  readonly destroy: boolean;
  /** Values of the variables that it was made with; those that are sensitive are given again. */
  readonly variables?: ValueObject;
  readonly digest: string;
  readonly plan: unknown;
}

export async function savePlan(path: string, project: Project, plan: ProjectPlan, destroy: boolean): Promise<void> {
  const saved: SavedPlan = {
    format_version: FORMAT_VERSION,
    file: project.document.file,
    destroy,
    variables: project.variables,
    digest: digest(plan),
    plan: documentOf(plan),
  };
  await writeWhole(resolve(path), `${JSON.stringify(saved, null, 1)}\n`);
}

/** Throws `E_PLAN_READ`. */
export async function loadPlan(path: string): Promise<SavedPlan> {
  try {
    const saved = parseJson(await readTextFile(path, MOST)) as SavedPlan;
    if (saved.format_version === FORMAT_VERSION && typeof saved.digest === "string") return saved;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw unreadable(path, undefined);
}

function unreadable(path: string, cause: unknown): GuestkitError {
  const why = systemError(cause) ? reasonOf(cause) : "it is no plan of this release";
  return new GuestkitError("E_PLAN_READ", `Cannot apply "${path}": ${why}`, {
    cause,
    at: { file: path },
    help: `Make one: guestkit plan --out "${path}"`,
  });
}

/** Throws `E_PLAN_STALE` unless a plan made now is the very one that was saved. */
export function checkFresh(saved: SavedPlan, now: ProjectPlan, path: string): void {
  if (saved.digest === digest(now)) return;
  throw new GuestkitError(
    "E_PLAN_STALE",
    `Cannot apply "${path}": the file or the world has changed since it was made`,
    {
      at: { file: path },
      help: `Look again: guestkit plan --out "${path}"`,
    },
  );
}

function digest(plan: ProjectPlan): string {
  const changes = plan.changes.map((each) => ({
    ...documentOfChange(each),
    planned: stable(each, each.plan?.planned ?? null),
    prior: stable(each, each.prior),
  }));
  return createHash("sha256").update(JSON.stringify(changes)).digest("hex");
}

function documentOfChange({ address, action, removes, movedFrom }: ProjectChange): object {
  return { address, action, removes, ...(movedFrom !== undefined && { movedFrom }) };
}

/** Without secrets and what moves by itself. */
function stable({ address, secrets }: ProjectChange, state: ValueObject | null): unknown {
  if (!state) return null;
  const contract = contractOf(address.split(".")[0] ?? "", "resource");
  const steady = contract.output.filter((each) => !each.volatile);
  const kept: ValueObject = { ...tellable(contract.input, state), ...tellable(steady, state), id: state.id ?? null };
  return Object.entries(concealObject(kept, secrets, null)).map(([name, value]) => [name, plain(value)]);
}

function plain(value: Value): unknown {
  return JSON.parse(JSON.stringify(value, (_key, each) => (each === UNKNOWN ? { $unknown: true } : each)) ?? "null");
}
