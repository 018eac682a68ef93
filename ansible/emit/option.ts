import type { Contract, Field, FieldType } from "@guestkit/core/model";

/** The field that carries a map's key, where a map of objects is a list in Ansible. */
export const MAP_KEY = "name";

export function moduleName(contract: Contract): string {
  return contract.aliases.ansible?.name ?? `guestkit_${contract.name}`;
}

/** The name of a top-level field in Ansible, and ours as its alias where they differ. */
export function optionName(contract: Contract, field: Field): { readonly name: string; readonly aliases?: string[] } {
  const name = contract.aliases.ansible?.fields?.[field.name];
  return name ? { name, aliases: [field.name] } : { name: field.name };
}

interface OptionType {
  readonly type: string;
  readonly elements?: string;
  readonly choices?: readonly string[];
  /** Sub-options of a dict or of a list's dicts. */
  readonly fields?: readonly Field[];
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "str",
  boolean: "bool",
  integer: "int",
  number: "float",
  size: "str",
  path: "path",
};

/** What Ansible calls a field's type. */
export function optionType(type: FieldType): OptionType {
  switch (type.kind) {
    case "object":
      return { type: "dict", fields: type.fields };
    case "list":
      return listOf(type.element);
    case "map":
      return type.element.kind === "object"
        ? { type: "list", elements: "dict", fields: [keyField(), ...type.element.fields] }
        : { type: "dict" };
    case "string":
      return { type: "str", ...(type.choices && { choices: type.choices }) };
    default:
      return { type: SCALARS[type.kind] as string };
  }
}

function listOf(element: FieldType): OptionType {
  const { type, fields, choices } = optionType(element);
  return { type: "list", elements: type, ...(fields && { fields }), ...(choices && { choices }) };
}

function keyField(): Field {
  return { name: MAP_KEY, type: { kind: "string" }, required: true, description: "Its name, unique in the list." };
}

/** A map of objects has a default of `{}`; as a list it is `[]`. */
export function optionDefault(field: Field): unknown {
  if (field.type.kind === "map" && field.type.element.kind === "object" && field.default !== undefined) return [];
  return field.default;
}
