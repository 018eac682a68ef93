import {
  type Contract,
  type FieldType,
  formatPath,
  isList,
  isObject,
  type Value,
  type ValueObject,
} from "@guestkit/core/model";
import {
  type Diagnostic,
  DiagnosticSeverity,
  type DynamicValue,
  type ValidateResourceConfigRequest,
  type ValidateResourceConfigResponse,
} from "../generated/protocol.ts";
import { inputFields, type NamedField, named } from "../schema/names.ts";
import { diagnosticPath } from "../schema/path.ts";
import { configFromTerraform } from "../schema/value.ts";
import { toDiagnostics } from "./diagnostics.ts";
import { readDynamic } from "./dynamic.ts";
import type { Session } from "./session.ts";

export async function validateResource(
  session: Session,
  contract: Contract,
  { config, client_capabilities }: ValidateResourceConfigRequest,
): Promise<ValidateResourceConfigResponse> {
  const given = configFromTerraform(contract, readDynamic(config)) ?? {};
  const refused = client_capabilities?.write_only_attributes_allowed ? [] : refuseSecrets(contract, given);
  const found = await session.validator.validate(contract, given);
  return { diagnostics: [...refused, ...toDiagnostics(contract, found)] };
}

/** Of all that is no resource. */
export async function validateDeclaration(
  session: Session,
  contract: Contract,
  { config }: { readonly config?: DynamicValue | undefined },
): Promise<ValidateResourceConfigResponse> {
  const given = configFromTerraform(contract, readDynamic(config)) ?? {};
  return { diagnostics: toDiagnostics(contract, await session.validator.validate(contract, given)) };
}

/** An engine that does not know write-only attributes would keep the secret in its state. */
function refuseSecrets(contract: Contract, given: ValueObject): Diagnostic[] {
  return secretsIn(inputFields(contract), given, []).map((path) => {
    const attribute = diagnosticPath(contract, path);
    return {
      severity: DiagnosticSeverity.ERROR,
      summary: `Cannot use ${formatPath(path)}_wo with this engine`,
      detail:
        "Write-only attributes came with Terraform 1.11 and OpenTofu 1.11. An older engine would write the secret into its state, so it is refused.",
      ...(attribute && { attribute }),
    };
  });
}

type Path = readonly (string | number)[];

function secretsIn(fields: readonly NamedField[], given: ValueObject, path: Path): Path[] {
  return fields.flatMap(({ field, writeOnly }) => {
    const value = given[field.name] ?? null;
    const here = [...path, field.name];
    if (writeOnly) return value === null ? [] : [here];
    return secretsInside(field.type, value, here);
  });
}

function secretsInside(type: FieldType, value: Value, path: Path): Path[] {
  if (type.kind === "object" && isObject(value)) return secretsIn(named(type.fields, true), value, path);
  if (type.kind === "list" && isList(value)) {
    return value.flatMap((each, index) => secretsInside(type.element, each, [...path, index]));
  }
  if (type.kind !== "map" || !isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => secretsInside(type.element, each, [...path, key]));
}
