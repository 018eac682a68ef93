import { type Contract, contractOf } from "@guestkit/core/model";
import * as pulumi from "@pulumi/pulumi";
import { markSecrets, secretOutputs } from "./mark.ts";
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
    ...markSecrets(contract.input, (args ?? {}) as pulumi.Inputs, MARKING),
    ...(adopted !== undefined && { [IMPORT_KEY]: adopted }),
    [PROVIDER_KEY]: providerText(contract),
  };
}

/** What is not there yet cannot be looked into. */
const MARKING = {
  mark: (value: unknown) => pulumi.secret(value),
  isWhole: (value: unknown) => pulumi.Output.isInstance(value) || value instanceof Promise,
};
