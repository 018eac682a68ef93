import type { Contract, Field } from "@guestkit/core/model";
import { commonOptions } from "./common.ts";
import { MAP_KEY, optionDefault, optionName, optionType } from "./option.ts";

/** The argument_spec of a contract's module. */
export function argumentSpec(contract: Contract): Record<string, unknown> {
  const own = contract.input.map((field) => {
    const { name, aliases } = optionName(contract, field);
    return [name, { ...specOf(field), ...(aliases && { aliases }) }] as const;
  });
  const common = commonOptions(contract).map(({ name, spec }) => [name, spec] as const);
  return Object.fromEntries([...own, ...common]);
}

function specOf(field: Field): Record<string, unknown> {
  const { type, elements, choices, fields } = optionType(field.type);
  const fallback = optionDefault(field);
  return {
    type,
    ...(elements && { elements }),
    ...(field.required && { required: true }),
    ...(fallback !== undefined && { default: fallback }),
    ...(choices && { choices }),
    ...noLog(field),
    ...(fields && { options: Object.fromEntries(fields.map((each) => [each.name, specOf(each)])) }),
    ...exclusive(fields),
  };
}

/** Secrets are never logged; a name that only sounds like one (`ssh_authorized_keys`) is said not to be. */
function noLog(field: Field): { no_log?: boolean } {
  if (field.sensitive || field.writeOnly) return { no_log: true };
  return /pass|secret|token|key/.test(field.name) ? { no_log: false } : {};
}

function exclusive(fields: readonly Field[] | undefined): { mutually_exclusive?: string[][] } {
  const pairs = (fields ?? []).flatMap((field) => (field.conflictsWith ?? []).map((other) => [field.name, other]));
  return pairs.length > 0 ? { mutually_exclusive: pairs } : {};
}

/** Ansible's names of top-level fields -> ours. */
export function renamedFields(contract: Contract): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contract.aliases.ansible?.fields ?? {}).map(([ours, theirs]) => [theirs, ours]),
  );
}

/** Where a list of dicts is a map by name in the contract: nested field names -> the key, or further nesting. */
export function keyedFields(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(fields.flatMap((field) => keyedField(field)));
}

function keyedField(field: Field): [string, unknown][] {
  const { type } = field;
  if (type.kind === "map" && type.element.kind === "object") {
    return [[field.name, { key: MAP_KEY, fields: keyedFields(type.element.fields) }]];
  }
  const inner = type.kind === "list" ? type.element : type;
  if (inner.kind !== "object") return [];
  const nested = keyedFields(inner.fields);
  return Object.keys(nested).length > 0 ? [[field.name, { fields: nested }]] : [];
}
