import type { Field, ValueObject } from "../../../core/model/index.ts";
import { eachField } from "../../support/terraform-names.ts";

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
