import { type Contract, contracts } from "@guestkit/core/model";
import { type Schema, type SchemaAttribute, StringKind } from "../generated/protocol.ts";
import { attributeOf } from "./attribute.ts";
import { inputFields, outputFields, typeName } from "./names.ts";
import { PROVIDER_SETTINGS } from "./settings.ts";

/** Raised when a stored state needs rewriting; `server/upgrade.ts` then knows how. */
export const SCHEMA_VERSION = 0;

export const resources: ReadonlyMap<string, Contract> = byTypeName("resource");
export const dataSources: ReadonlyMap<string, Contract> = byTypeName("query");

function byTypeName(kind: Contract["kind"]): ReadonlyMap<string, Contract> {
  return new Map(contracts.filter((each) => each.kind === kind).map((each) => [typeName(each), each]));
}

/** Inputs, outputs and, of a resource, `id` and `owner`. */
export function schemaOf(contract: Contract): Schema {
  const isResource = contract.kind === "resource";
  return block(`${contract.summary}\n\n${contract.description}`, [
    ...inputFields(contract).map((each) => attributeOf(each, "input", isResource)),
    ...outputFields(contract).map((each) => attributeOf(each, "output", false)),
    ...(isResource ? [ID, OWNER] : []),
  ]);
}

export function providerSchema(): Schema {
  return block("Disk images and QEMU virtual machines as declared infrastructure.", PROVIDER_SETTINGS);
}

const ID: SchemaAttribute = {
  name: "id",
  type: Buffer.from('"string"'),
  computed: true,
  description:
    "What the thing is called where others refer to it: the canonical path of a file, the name of a machine.",
  description_kind: StringKind.MARKDOWN,
};

/** A state tells with it whose a tainted thing is: of one, the engine hands on no private data, and reads nothing with -refresh=false. */
const OWNER: SchemaAttribute = {
  name: "owner",
  type: Buffer.from('"string"'),
  computed: true,
  description: "By which name this state owns the thing, in the record beside it: `terraform:` and a random id.",
  description_kind: StringKind.MARKDOWN,
};

function block(description: string, attributes: readonly SchemaAttribute[]): Schema {
  return { version: SCHEMA_VERSION, block: { attributes, description, description_kind: StringKind.MARKDOWN } };
}
