import { type Contract, contractOf, type Field, type FieldType } from "@guestkit/core/model";
import * as pulumi from "@pulumi/pulumi";
import { camelCase, typeToken } from "./names.ts";
import { IMPORT_KEY, PROVIDER_KEY } from "./values.ts";

/**
 * A contract's resource. It is a dynamic one, run by the SDK's own provider process: its type says so, and what that
 * process evaluates is the short text below, the same in every release for one stack. So nothing is captured, the SDK's serializer
 * (which needs an old TypeScript in the program's folder) is not used, and every release can care for older states.
 */
export abstract class GuestkitResource extends pulumi.CustomResource {
  /** @internal */
  protected constructor(
    contractName: string,
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions,
  ) {
    const contract = contractOf(contractName, "resource");
    const { import: adopted, ...rest } = options;
    const secrets = secretOutputs(contract);
    super(typeToken(contract), name, propertiesOf(contract, args, adopted), {
      ...rest,
      additionalSecretOutputs: [...(rest.additionalSecretOutputs ?? []), ...secrets],
    });
  }
}

function providerText(contract: Contract): string {
  const [name, stack] = [contract.name, `${pulumi.getProject()}/${pulumi.getStack()}`].map((each) =>
    JSON.stringify(each),
  );
  return `exports.handler = () => require("@guestkit/pulumi/provider").providerOf(${name}, ${stack});`;
}

/** Arguments with secrets marked, a place for every output, and what the provider process evaluates. */
function propertiesOf(contract: Contract, args: object | undefined, adopted: string | undefined): pulumi.Inputs {
  const outputs = [...contract.input, ...contract.output].map((field) => [camelCase(field.name), undefined]);
  return {
    ...Object.fromEntries(outputs),
    ...markSecrets(contract.input, (args ?? {}) as pulumi.Inputs),
    ...(adopted !== undefined && { [IMPORT_KEY]: adopted }),
    [PROVIDER_KEY]: providerText(contract),
  };
}

const isSecret = (field: Field) => field.sensitive === true || field.writeOnly === true;

/** Whether a secret may lie within. */
function holdsSecret(type: FieldType): boolean {
  if (type.kind === "object") return type.fields.some((field) => isSecret(field) || holdsSecret(field.type));
  return (type.kind === "list" || type.kind === "map") && holdsSecret(type.element);
}

function secretOutputs(contract: Contract): string[] {
  return [...contract.input, ...contract.output]
    .filter((field) => isSecret(field) && !field.writeOnly)
    .map((field) => camelCase(field.name));
}

/** Secrets stay secret in the state also where the program passes them as plain values. */
function markSecrets(fields: readonly Field[], args: pulumi.Inputs): pulumi.Inputs {
  const marked = fields.flatMap((field) => {
    const name = camelCase(field.name);
    const value: unknown = args[name];
    if (value === undefined || value === null) return [];
    return [[name, isSecret(field) ? pulumi.secret(value) : markWithin(field.type, value)]];
  });
  return { ...args, ...Object.fromEntries(marked) };
}

function markWithin(type: FieldType, value: unknown): unknown {
  if (!holdsSecret(type) || typeof value !== "object" || value === null) return value;
  // What is not there yet cannot be looked into, so all of it is taken as secret.
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return pulumi.secret(value);
  if (type.kind === "object") return markSecrets(type.fields, value as pulumi.Inputs);
  if (type.kind === "list" && Array.isArray(value)) return value.map((each) => markWithin(type.element, each));
  if (type.kind !== "map") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, markWithin(type.element, each)]));
}
