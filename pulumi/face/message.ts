import type { Diagnostic, Plan } from "@guestkit/core/engine";
import { type ErrorReport, reportError, SECRET, withoutSecrets } from "@guestkit/core/kit";
import { type Contract, formatPath, UNKNOWN, type Value } from "@guestkit/core/model";
import { exportedName, pulumiPath, pulumiText } from "./names.ts";

/** What the SDK calls a CheckFailure. */
export interface PropertyFailure {
  readonly property: string;
  readonly reason: string;
}

/** Errors as Pulumi's check failures, each at its property. */
export function failures(contract: Contract, diagnostics: readonly Diagnostic[]): PropertyFailure[] {
  return diagnostics
    .filter((each) => each.severity === "error")
    .map((each) => ({ property: propertyOf(contract, each.path), reason: reason(contract, each) }));
}

/** Everything that stands against a plan, in one text. */
export function refusal(contract: Contract, diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .filter((each) => each.severity === "error")
    .map((each) => {
      const property = propertyOf(contract, each.path);
      return property === "" ? reason(contract, each) : `${property}: ${reason(contract, each)}`;
    })
    .join("\n");
}

function reason(contract: Contract, { code, message, help, path }: Omit<Diagnostic, "severity">): string {
  const named = path.filter((step) => typeof step === "string");
  const advice = help ? `\n${pulumiText(contract, help, named)}` : "";
  return withoutSecrets(`${pulumiText(contract, message, named)} (${code})${advice}`);
}

function propertyOf(contract: Contract, path: Diagnostic["path"]): string {
  return formatPath(pulumiPath(contract.input, path));
}

/** Anything thrown, with its code, its place and what to do. */
export function errorText(contract: Contract, thrown: unknown): string {
  const { code, message, help, at }: ErrorReport = reportError(thrown);
  const property = at?.field && at.field.length > 0 ? `${propertyOf(contract, at.field)}: ` : "";
  return `${property}${reason(contract, { code, message, help: help ?? undefined, path: at?.field ?? [] })}`;
}

type IsSecret = (path: readonly (string | number)[]) => boolean;

/** One line a cause: why a thing that exists is to be changed. `isSecret`: of a path with Pulumi's names. */
export function causes(contract: Contract, plan: Plan, isSecret: IsSecret = () => false): string[] {
  const fields = [...contract.input, ...contract.output];
  return plan.reasons.map(({ path, before, after, why }) => {
    const named = pulumiPath(fields, path);
    const place = formatPath(named);
    const [from, to] = isSecret(named) ? [SECRET, SECRET] : [show(before), show(after)];
    const change = place === "" ? "" : `${place}: ${from} -> ${to}, `;
    const id = plan.id === UNKNOWN ? "" : ` ${plan.id}`;
    return `${exportedName(contract)}${id}, ${plan.action}: ${change}${pulumiText(contract, why)}`;
  });
}

/** Longest value that is shown whole. */
const LONG = 80;

function show(value: Value): string {
  if (value === UNKNOWN) return "(known after the update)";
  const text = JSON.stringify(value, (_, each) => (each === UNKNOWN ? "(known after the update)" : each));
  return text.length > LONG ? `${text.slice(0, LONG)}...` : text;
}
