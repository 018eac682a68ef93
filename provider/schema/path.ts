import type { Contract, FieldType } from "@guestkit/core/model";
import type { AttributePath, AttributePathStep } from "../generated/protocol.ts";
import { inputFields, type NamedField, named, outputFields } from "./names.ts";

type Path = readonly (string | number)[];

/**
 * Terraform's path to a field, as far as attribute names go: elements of a list are compared by position, so a change
 * inside one is a change of the list. Undefined for the whole declaration.
 */
export function attributePath(contract: Contract, path: Path): AttributePath | undefined {
  const steps = stepsInto([...inputFields(contract), ...outputFields(contract)], path, contract.kind === "resource");
  return steps.length > 0 ? { steps } : undefined;
}

/** The path for a diagnostic: its first step, since engines show the source line of a top-level attribute alone. */
export function diagnosticPath(contract: Contract, path: Path): AttributePath | undefined {
  return attributePath(contract, path.slice(0, 1));
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
