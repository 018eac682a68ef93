import type { Contract, FieldType } from "@guestkit/core/model";
import type { AttributePath, AttributePathStep } from "../generated/protocol.ts";
import { inputFields, type NamedField, named, outputFields } from "./names.ts";

type Path = readonly (string | number)[];

/**
 * Terraform's path to a field, as far as attribute names go: an engine loses the source line of whatever lies inside
 * a list or a map, and compares such elements by position. Undefined for the whole declaration.
 */
export function attributePath(contract: Contract, path: Path): AttributePath | undefined {
  const steps = stepsInto([...inputFields(contract), ...outputFields(contract)], path, contract.kind === "resource");
  return steps.length > 0 ? { steps } : undefined;
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
