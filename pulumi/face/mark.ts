import type { Contract, Field, FieldType } from "@guestkit/core/model";
import { camelCase } from "./names.ts";

/** How a face of Pulumi writes a secret. */
export interface Marking {
  readonly mark: (value: unknown) => unknown;
  /** Whether a value cannot be looked into: where a secret may lie within, all of it is taken as one. */
  readonly isWhole: (value: unknown) => boolean;
}

type Properties = Readonly<Record<string, unknown>>;

const isSecret = (field: Field) => field.sensitive === true || field.writeOnly === true;

/** Whether a secret may lie within. */
function holdsSecret(type: FieldType): boolean {
  if (type.kind === "object") return type.fields.some((field) => isSecret(field) || holdsSecret(field.type));
  return (type.kind === "list" || type.kind === "map") && holdsSecret(type.element);
}

/** Outputs that are secrets as a whole. */
export function secretOutputs(contract: Contract): string[] {
  return [...contract.input, ...contract.output]
    .filter((field) => isSecret(field) && !field.writeOnly)
    .map((field) => camelCase(field.name));
}

/** Secrets stay secret in the state also where they are given as plain values. */
export function markSecrets(fields: readonly Field[], values: Properties, marking: Marking): Properties {
  const marked = fields.flatMap((field) => {
    const name = camelCase(field.name);
    const value = values[name];
    if (value === undefined || value === null) return [];
    return [[name, isSecret(field) ? marking.mark(value) : markWithin(field.type, value, marking)]];
  });
  return { ...values, ...Object.fromEntries(marked) };
}

function markWithin(type: FieldType, value: unknown, marking: Marking): unknown {
  if (!holdsSecret(type) || typeof value !== "object" || value === null) return value;
  if (marking.isWhole(value)) return marking.mark(value);
  if (type.kind === "object") return markSecrets(type.fields, value as Properties, marking);
  if (type.kind === "list" && Array.isArray(value)) return value.map((each) => markWithin(type.element, each, marking));
  if (type.kind !== "map") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, markWithin(type.element, each, marking)]));
}
