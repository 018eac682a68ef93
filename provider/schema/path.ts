import type { Contract, FieldType } from "@guestkit/core/model";
import type { AttributePath, AttributePathStep } from "../generated/protocol.ts";
import { hasWriteOnly, inputFields, type NamedField, named, outputFields } from "./names.ts";

type Path = readonly (string | number)[];

/**
 * Terraform's path to a field, as far as attribute names go: elements of a list are compared by position, so a change
 * inside one is a change of the list. Undefined for the whole declaration.
 */
export function attributePath(contract: Contract, path: Path): AttributePath | undefined {
  const steps = stepsInto([...inputFields(contract), ...outputFields(contract)], path, hasWriteOnly(contract));
  return steps.length > 0 ? { steps } : undefined;
}

/**
 * The path for a diagnostic: a top-level attribute, and the element of its map or list where the fault lies in one.
 * Engines find the source line of these two steps, and of no deeper ones.
 */
export function diagnosticPath(contract: Contract, path: Path): AttributePath | undefined {
  const found = attributePath(contract, path.slice(0, 1));
  const type = [...contract.input, ...contract.output].find((field) => field.name === path[0])?.type;
  const element = path[1];
  if (!found || element === undefined) return found;
  if (type?.kind === "map") return { steps: [...(found.steps ?? []), { element_key_string: String(element) }] };
  if (type?.kind === "list") return { steps: [...(found.steps ?? []), { element_key_int: Number(element) }] };
  return found;
}

function stepsInto(fields: readonly NamedField[], path: Path, withWriteOnly: boolean): AttributePathStep[] {
  const [first, ...rest] = path;
  const found = fields.find((each) => each.field.name === first);
  if (!found) return [];
  return [{ attribute_name: found.name }, ...inside(found.field.type, rest, withWriteOnly)];
}

function inside(type: FieldType, path: Path, withWriteOnly: boolean): AttributePathStep[] {
  return type.kind === "object" ? stepsInto(named(type.fields, withWriteOnly), path, withWriteOnly) : [];
}
