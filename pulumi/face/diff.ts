import { type Plan, sameValue } from "@guestkit/core/engine";
import type { Contract, ValueObject } from "@guestkit/core/model";
import { camelCase, pulumiPath } from "./names.ts";

/** One property that changes. */
export interface PropertyChange {
  readonly kind: "ADD" | "DELETE" | "UPDATE";
  readonly replaces: boolean;
}

/** A plan as Pulumi's diff. */
export interface Difference {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
  readonly stables: string[];
  /** By Pulumi's path of a property: `files[0].content`. */
  readonly detailed: Readonly<Record<string, PropertyChange>>;
}

export function differenceOf(contract: Contract, plan: Plan, prior: ValueObject | null): Difference {
  const replaces = replacing(contract, plan);
  return {
    changes: plan.action !== "none",
    replaces,
    deleteBeforeReplace: true,
    stables: stables(contract, plan, prior),
    detailed: plan.action === "none" ? {} : detailed(contract, plan, replaces),
  };
}

/** A thing that is gone is made anew: what depends on it must hear of that, as of a replacement. */
function replacing(contract: Contract, plan: Plan): string[] {
  const identity = contract.identity.map(camelCase);
  if (plan.action === "create") return identity;
  if (plan.action !== "replace") return [];
  const top = plan.replaces.map((path) => camelCase(String(path[0])));
  return [...new Set(top.length > 0 ? top : identity)];
}

function stables(contract: Contract, { action, planned }: Plan, prior: ValueObject | null): string[] {
  if (action !== "update") return [];
  return contract.output
    .filter(({ name }) => name !== "drift" && sameValue(prior?.[name] ?? null, planned?.[name] ?? null))
    .map(({ name }) => camelCase(name));
}

function detailed(contract: Contract, plan: Plan, replaces: readonly string[]): Record<string, PropertyChange> {
  const fields = [...contract.input, ...contract.output];
  const place = (path: readonly (string | number)[]) => propertyPath(pulumiPath(fields, path));
  const forced = new Set(plan.replaces.map(place));
  const found = plan.reasons.map(({ path, before, after }) => {
    const kind = before === null ? "ADD" : after === null ? "DELETE" : "UPDATE";
    return [place(path), { kind, replaces: forced.has(place(path)) }] as const;
  });
  const named = found.filter(([name]) => name !== "");
  const whole = named.some(([, each]) => each.replaces)
    ? []
    : replaces.map((name) => [name, { kind: "UPDATE", replaces: true }] as const);
  return Object.fromEntries([...named, ...whole]);
}

/** As Pulumi writes the place of a property: what is no name stands in brackets. */
function propertyPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w$]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
