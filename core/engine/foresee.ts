import { isList, isObject, UNKNOWN, type ValueObject } from "../model/value.ts";
import { adoptFields } from "./adopt.ts";
import type { Change } from "./diff.ts";
import type { Drift } from "./implementation.ts";
import { keepSpelling } from "./merge.ts";
import { canonicalFields } from "./normalise.ts";
import type { Plan, PlanInput } from "./plan.ts";

/** The state after a create: outputs unknown but for what the declaration alone tells. */
export function fresh(input: PlanInput, desired: ValueObject, id: Plan["id"]): ValueObject {
  const { contract } = input;
  const predicted = predict(input, desired, null, new Set(contract.input.map(({ name }) => name)));
  const outputs = contract.output.map(({ name }) => [name, predicted[name] === undefined ? UNKNOWN : predicted[name]]);
  const known = adoptFields(contract.input, desired, { there: null, predicted });
  return { ...keepSpelling(contract.input, {}, known, "/"), ...Object.fromEntries(outputs), id };
}

/**
 * The state after an update: the prior one with what changed. Unknown is, unless the implementation foresees it, what
 * declares that it changes with what is touched, and what moves by itself.
 */
export function carried(
  input: PlanInput,
  prior: ValueObject,
  desired: ValueObject,
  changes: readonly Change[],
  id: Plan["id"],
): ValueObject {
  const { contract, baseDir } = input;
  const touched = touchedBy(prior, changes);
  const predicted = touched.size > 0 ? predict(input, desired, prior, touched) : {};
  const moves = ({ changesWith, volatile }: { changesWith?: readonly string[]; volatile?: boolean }) =>
    touched.size > 0 && (volatile === true || changesWith?.some((name) => touched.has(name)) === true);
  const outputs = contract.output.map((field) => {
    const { name } = field;
    if (name === "drift") return [name, []];
    if (predicted[name] !== undefined) return [name, predicted[name]];
    return [name, moves(field) ? UNKNOWN : (prior[name] ?? null)];
  });
  const wanted = adoptFields(contract.input, desired, { there: prior, predicted, moves });
  return { ...keepSpelling(contract.input, prior, wanted, baseDir), ...Object.fromEntries(outputs), id };
}

/** The fields in which the declaration changed, or the world departs from it: an update works on them all. */
function touchedBy(prior: ValueObject, changes: readonly Change[]): ReadonlySet<string> {
  const drifted = driftOf(prior).map(({ path }) => /^\w*/.exec(path)?.[0] ?? "");
  return new Set([...changes.map(({ path }) => String(path[0])), ...drifted]);
}

function predict(
  { contract, implementation, baseDir, settings }: PlanInput,
  desired: ValueObject,
  prior: ValueObject | null,
  touched: ReadonlySet<string>,
): ValueObject {
  const input = canonicalFields(contract.input, desired, baseDir);
  return implementation.predict?.(input, { prior, touched, settings }) ?? {};
}

export function driftOf(prior: ValueObject): readonly Drift[] {
  const drift = prior.drift;
  return isList(drift) ? drift.filter(isObject).map((each) => each as unknown as Drift) : [];
}
