import type { Field, FieldType, Value, ValueObject } from "../../core/model/index.ts";
import { named } from "../../provider/schema/names.ts";

/** A declaration with Terraform's names: `X_wo` and `X_wo_version` for a write-only `X`. */
export function terraformNames(fields: readonly Field[], value: ValueObject): ValueObject {
  const names = new Map(named(fields, true).map(({ name, field }) => [field.name, name]));
  return eachField(fields, value, terraformNames, (name) => names.get(name) ?? name);
}

type Rewrite = (fields: readonly Field[], value: ValueObject) => ValueObject;

export function eachField(
  fields: readonly Field[],
  value: ValueObject,
  rewrite: Rewrite,
  rename: (name: string) => string,
): ValueObject {
  const entries = Object.entries(value).map(([name, each]) => {
    const type = fields.find((field) => field.name === name)?.type;
    return [rename(name), type ? within(type, each, rewrite) : each] as const;
  });
  return Object.fromEntries(entries);
}

function within(type: FieldType, value: Value, rewrite: Rewrite): Value {
  if (typeof value !== "object" || value === null) return value;
  if (type.kind === "object") return rewrite(type.fields, value as ValueObject);
  if (type.kind === "list" && Array.isArray(value)) return value.map((each) => within(type.element, each, rewrite));
  if (type.kind !== "map") return value;
  const entries = Object.entries(value as ValueObject);
  return Object.fromEntries(entries.map(([name, each]) => [name, within(type.element, each, rewrite)]));
}
