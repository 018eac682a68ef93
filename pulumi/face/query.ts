import { contractOf, type ValueObject } from "@guestkit/core/model";
import * as pulumi from "@pulumi/pulumi";
import { errorText } from "./message.ts";
import { toPulumi } from "./names.ts";
import type { HostOptions } from "./options.ts";
import { declarationOf } from "./values.ts";

/** Answers a contract's question in the program's own process. Rejects with code, property and help in the message. */
export async function query(contractName: string, args: object, where: HostOptions = {}): Promise<unknown> {
  const contract = contractOf(contractName, "query");
  const { engineFor } = await import("./host.ts");
  const config = new pulumi.Config("guestkit");
  try {
    const engine = await engineFor({ ...where, get: (key) => config.get(key) });
    const answer: ValueObject = await engine.query(contract, declarationOf(contract, args as pulumi.Inputs));
    return toPulumi([...contract.input, ...contract.output], answer);
  } catch (error) {
    // Of an unhandled one, Pulumi shows the message alone.
    throw new pulumi.RunError(errorText(contract, error));
  }
}

/** The same with outputs as arguments. A preview asks only when everything that they come from exists already. */
export function queryOutput(contractName: string, args: object, where: HostOptions = {}): pulumi.Output<unknown> {
  const known: pulumi.Output<object> = pulumi.output(args);
  return pulumi.all([known, existing(known)]).apply(([given]) => query(contractName, given, where));
}

/** Known once every resource that a value comes from has an id. */
function existing(value: pulumi.Output<object>): pulumi.Output<unknown> {
  const { allResources } = value as unknown as { allResources?: () => Promise<Set<pulumi.Resource>> };
  const ids = (allResources?.call(value) ?? Promise.resolve(new Set<pulumi.Resource>())).then((resources) =>
    [...resources].filter((each) => pulumi.CustomResource.isInstance(each)).map((each) => each.id),
  );
  return pulumi.output(ids);
}
