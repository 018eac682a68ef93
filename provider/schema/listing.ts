import { type Contract, contracts } from "@guestkit/core/model";
import { typeName } from "./names.ts";

/**
 * What is said to have the things of a resource listed, as a query that takes it: its schema and rules are those of any other.
 * By the resource's type name; those that lie anywhere are not among them.
 */
export const listings: ReadonlyMap<string, Contract> = new Map(
  contracts.flatMap((contract) => {
    const { listing } = contract;
    if (!listing) return [];
    const description = `Lists each \`${typeName(contract)}\` that is there, in this configuration or not.`;
    return [
      [typeName(contract), { ...contract, kind: "query", description, identity: [], input: listing, output: [] }],
    ];
  }),
);
