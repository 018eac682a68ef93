import type { Field, FieldType, Value, ValueObject } from "../../../core/model/index.ts";
import { named } from "../../../provider/schema/names.ts";

/** A reference to a field of another thing: `${disk_image.it.id}`. */
const REFERENCE = /\$\{(\w+)\.it\.(\w+)\}/g;

export interface Reference {
  readonly contract: string;
  readonly field: string;
}

export function referenceOf(text: string): Reference {
  const [, contract = "", field = ""] = [...text.matchAll(REFERENCE)][0] ?? [];
  return { contract, field };
}

/** A value with its references in a face's own notation. */
export function withReferences<V>(value: V, write: (reference: Reference) => string): V {
  const text = JSON.stringify(value);
  const written = text.replace(REFERENCE, (_, contract: string, field: string) => write({ contract, field }));
  return JSON.parse(written) as V;
}

/** A declaration with Terraform's names: `X_wo` and `X_wo_version` for a write-only `X`. */
export function terraformNames(fields: readonly Field[], value: ValueObject): ValueObject {
  const names = new Map(named(fields, true).map(({ name, field }) => [field.name, name]));
  return eachField(fields, value, terraformNames, (name) => names.get(name) ?? name);
}

/** A declaration as Ansible has it: a map of objects is a list with the key as `name`. */
export function ansibleNames(fields: readonly Field[], value: ValueObject): ValueObject {
  const nested = eachField(fields, value, ansibleNames, (name) => name);
  return Object.fromEntries(
    Object.entries(nested).map(([name, each]) => {
      const type = fields.find((field) => field.name === name)?.type;
      const keyed = type?.kind === "map" && type.element.kind === "object";
      return [name, keyed ? listOf(each as Readonly<Record<string, ValueObject>>) : each];
    }),
  );
}

const listOf = (map: Readonly<Record<string, ValueObject>>): readonly ValueObject[] =>
  Object.entries(map).map(([name, each]) => ({ name, ...each }));

type Rewrite = (fields: readonly Field[], value: ValueObject) => ValueObject;

function eachField(
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
