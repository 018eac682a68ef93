import { type Contract, contractOf } from "@guestkit/core/model";
import * as pulumi from "@pulumi/pulumi";
import { markSecrets, secretOutputs } from "./mark.ts";
import { camelCase, typeToken } from "./names.ts";
import type { HostOptions, ResourceOptions } from "./options.ts";
import { IMPORT_KEY, PROVIDER_KEY } from "./values.ts";

/**
 * A contract's resource. It is a dynamic one, run by the SDK's own provider process: its type says so, and what that
 * process evaluates is the short text below, the same in every release for one stack. So nothing is captured, the SDK's serializer
 * (which needs an old TypeScript in the program's folder) is not used, and every release can care for older states.
 */
export abstract class GuestkitResource extends pulumi.CustomResource {
  /** @internal */
  protected constructor(contractName: string, name: string, args: object | undefined, options: ResourceOptions) {
    const contract = contractOf(contractName, "resource");
    const { import: adopted, host, remoteInstall, ...rest } = options;
    const where = { ...(host !== undefined && { host }), ...(remoteInstall !== undefined && { remoteInstall }) };
    const secrets = secretOutputs(contract);
    super(typeToken(contract), name, propertiesOf(contract, args, adopted, where), {
      ...rest,
      additionalSecretOutputs: [...(rest.additionalSecretOutputs ?? []), ...secrets],
    });
  }
}

/** The same for all that name no host, whatever release wrote it. */
function providerText(contract: Contract, where: HostOptions): string {
  const named = Object.keys(where).length > 0 ? [where] : [];
  const words = [contract.name, `${pulumi.getProject()}/${pulumi.getStack()}`, ...named].map((each) =>
    JSON.stringify(each),
  );
  return `exports.handler = () => require("@guestkit/pulumi/provider").providerOf(${words.join(", ")});`;
}

/** Arguments with secrets marked, a place for every output, and what the provider process evaluates. */
function propertiesOf(
  contract: Contract,
  args: object | undefined,
  adopted: string | undefined,
  where: HostOptions,
): pulumi.Inputs {
  const outputs = [...contract.input, ...contract.output].map((field) => [camelCase(field.name), undefined]);
  return {
    ...Object.fromEntries(outputs),
    ...markSecrets(contract.input, (args ?? {}) as pulumi.Inputs, MARKING),
    ...(adopted !== undefined && { [IMPORT_KEY]: adopted }),
    [PROVIDER_KEY]: providerText(contract, where),
  };
}

/** What is not there yet cannot be looked into. */
const MARKING = {
  mark: (value: unknown) => pulumi.secret(value),
  isWhole: (value: unknown) => pulumi.Output.isInstance(value) || value instanceof Promise,
};
