import type { Settings } from "../kit/context.ts";
import type { Contract, Field } from "../model/contract.ts";
import { formatPath, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { adoptFields } from "./adopt.ts";
import { type Diagnostic, problem, warning } from "./diagnostic.ts";
import { type Change, diff } from "./diff.ts";
import { carried, driftOf, fresh } from "./foresee.ts";
import type { Drift, ResourceImplementation } from "./implementation.ts";
import { canonical, impliedFields, normalise } from "./normalise.ts";
import type { FieldPath } from "./path.ts";
import { lackingSecrets } from "./secrets.ts";
import type { BaseDir } from "./spelling.ts";
import { tellValue } from "./tellable.ts";
import { typeAt } from "./type-at.ts";

export type PlanAction = "none" | "create" | "update" | "replace" | "delete";

export interface Reason {
  readonly path: FieldPath;
  /** Secrets are redacted. */
  readonly before: Value;
  readonly after: Value;
  readonly why: string;
}

/** What is to be done, and why. */
export interface Plan {
  readonly contract: string;
  /** UNKNOWN where the identity is not known yet. */
  readonly id: string | typeof UNKNOWN;
  readonly action: PlanAction;
  /** The state after it: input, output and id, UNKNOWN for what only the apply tells; null after a delete. */
  readonly planned: ValueObject | null;
  readonly changes: readonly Change[];
  readonly reasons: readonly Reason[];
  /** The paths that make it a replacement. */
  readonly replaces: readonly FieldPath[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanInput {
  readonly contract: Contract;
  /** What was observed; null where there is nothing. */
  readonly prior: ValueObject | null;
  /** What is wanted, as the user wrote it; null to remove. */
  readonly config: ValueObject | null;
  readonly implementation: Pick<ResourceImplementation, "judge" | "predict" | "remark">;
  readonly baseDir: BaseDir;
  readonly settings: Settings;
}

/** The plan: a pure function of what was observed and what is wanted. */
export function makePlan(input: PlanInput): Plan {
  const { contract, prior, config, baseDir } = input;
  if (!config) return planDelete(contract, prior);
  const desired = normalise(contract.input, config);
  const id = identify(contract, desired, baseDir);
  if (!prior) return planCreate(input, desired, id);
  return planChange(input, prior, desired, id);
}

/** The natural key of a declaration; UNKNOWN while a part of it is. */
export function identify(contract: Contract, input: ValueObject, baseDir: BaseDir): string | typeof UNKNOWN {
  const parts = contract.identity.map((name) => {
    const field = contract.input.find((each) => each.name === name) as Field;
    return canonical(field.type, input[name] ?? null, baseDir);
  });
  return parts.includes(UNKNOWN) ? UNKNOWN : parts.join("/");
}

function planDelete(contract: Contract, prior: ValueObject | null): Plan {
  const id = typeof prior?.id === "string" ? prior.id : "";
  const base = { contract: contract.name, id, planned: null, changes: [], replaces: [], diagnostics: [] };
  if (!prior) return { ...base, action: "none", reasons: [] };
  const reason = { path: [], before: id, after: null, why: "it is no longer declared" };
  return { ...base, action: "delete", reasons: [reason] };
}

function planCreate(input: PlanInput, desired: ValueObject, id: string | typeof UNKNOWN): Plan {
  const { contract } = input;
  return {
    contract: contract.name,
    id,
    action: "create",
    planned: fresh(input, desired, id),
    changes: [],
    reasons: [{ path: [], before: null, after: id, why: "it does not exist" }],
    replaces: [],
    diagnostics: lackingSecrets(contract.input, desired, {}),
  };
}

function planChange(input: PlanInput, prior: ValueObject, desired: ValueObject, id: string | typeof UNKNOWN): Plan {
  const { contract, baseDir, implementation } = input;
  const wanted = adoptFields(contract.input, desired, { there: prior });
  const meant = { ...prior, ...impliedFields(contract.input, prior) };
  const judged = diff(contract.input, prior, wanted, baseDir).map((change) => judge(implementation, change, meant));
  const changes = judged.map(({ change }) => change);
  const drift = driftOf(prior);
  const replaces = [
    ...changes.filter((change) => change.policy === "immutable").map((change) => change.path),
    ...(drift.some((each) => each.action === "replace") ? [["drift"]] : []),
  ];
  const action = replaces.length > 0 ? "replace" : changes.length + drift.length > 0 ? "update" : "none";
  const diagnostics = [
    ...judged.flatMap((each) => each.diagnostics),
    ...changes.flatMap((each) => shrink(contract, each, baseDir)),
    ...(action === "update" ? announceRestart(contract, prior, wanted, changes, id) : []),
    ...(implementation.remark?.({ prior, wanted, action, changes }) ?? []),
    ...lackingSecrets(contract.input, desired, prior),
  ];
  const planned = action === "replace" ? fresh(input, desired, id) : carried(input, prior, desired, changes, id);
  return {
    contract: contract.name,
    id,
    action,
    planned,
    changes,
    reasons: explain(contract, changes, drift),
    replaces,
    diagnostics,
  };
}

function judge(
  implementation: PlanInput["implementation"],
  change: Change,
  prior: ValueObject,
): { change: Change; diagnostics: Diagnostic[] } {
  const verdict = implementation.judge?.(change, prior);
  if (!verdict) return { change, diagnostics: [] };
  const diagnostics = verdict.warning ? [warning("W_ADOPTED", change.path, verdict.warning)] : [];
  return { change: { ...change, policy: verdict.policy }, diagnostics };
}

function shrink(contract: Contract, change: Change, baseDir: BaseDir): Diagnostic[] {
  if (change.policy !== "growOnly" || change.after === UNKNOWN) return [];
  const type = typeAt(contract.input, change.path);
  const [before, after] = [canonical(type, change.before, baseDir), canonical(type, change.after, baseDir)];
  if (typeof before !== "number" || typeof after !== "number" || after >= before) return [];
  const name = formatPath(change.path);
  return [
    problem(
      "E_SHRINK",
      change.path,
      `Cannot shrink ${name}: it is ${before} bytes and ${after} are wanted`,
      `Set ${name} to ${before} or more, or make a new one under another ${contract.identity.join(", ")}.`,
    ),
  ];
}

/** A thing that runs and stays running is restarted for what cannot change meanwhile: said before it happens. */
function announceRestart(
  contract: Contract,
  prior: ValueObject,
  wanted: ValueObject,
  changes: readonly Change[],
  id: Plan["id"],
): Diagnostic[] {
  const restarting = changes.filter((change) => change.policy === "restart");
  const [first] = restarting;
  if (!first || prior.running !== true || wanted.running === false) return [];
  const fields = [...new Set(restarting.map((change) => formatPath(change.path)))].join(", ");
  const name = `${contract.name.replaceAll("_", " ")} "${String(id)}"`;
  return [
    warning(
      "W_RESTART",
      first.path,
      `The ${name} will be restarted: ${fields} cannot change while it runs`,
      "Apply when it may be away for a moment, or leave these fields as they are.",
    ),
  ];
}

/** A reason a change, its cause taken from the drift where the world is what changed. */
function explain(contract: Contract, changes: readonly Change[], drift: readonly Drift[]): Reason[] {
  const caused = changes.map((change): Reason => {
    const cause = drift.find((each) => formatPath(change.path).startsWith(each.path));
    const type = typeAt(contract.input, change.path);
    const shown = (value: Value) => (change.sensitive ? "(secret)" : tellValue(type, value));
    return {
      path: change.path,
      before: shown(change.before),
      after: shown(change.after),
      why: cause?.why ?? why(change),
    };
  });
  const alone = drift.filter((each) => !caused.some((reason) => reason.why === each.why));
  return [
    ...caused,
    ...alone.map((each) => ({ path: [each.path], before: "changed", after: "as declared", why: each.why })),
  ];
}

function why(change: Change): string {
  const name = formatPath(change.path);
  switch (change.policy) {
    case "immutable":
      return `${name} cannot be changed in place`;
    case "growOnly":
      return `${name} grows in place`;
    case "restart":
      return `${name} changes with a restart`;
    default:
      return `${name} changes in place`;
  }
}

/** Nothing, since the declaration itself is at fault. */
export function refusedPlan(contract: Contract, diagnostics: readonly Diagnostic[]): Plan {
  return {
    contract: contract.name,
    id: UNKNOWN,
    action: "none",
    planned: null,
    changes: [],
    reasons: [],
    replaces: [],
    diagnostics,
  };
}
