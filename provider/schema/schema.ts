import { type Contract, contracts } from "@guestkit/core/model";
import { type ActionSchema, type Schema, type SchemaAttribute, StringKind } from "../generated/protocol.ts";
import { attributeOf } from "./attribute.ts";
import { hasWriteOnly, inputFields, outputFields, typeName } from "./names.ts";
import { PROVIDER_SETTINGS } from "./settings.ts";

/** Raised when a stored state needs rewriting; `server/upgrade.ts` then knows how. */
export const SCHEMA_VERSION = 0;

export const resources: ReadonlyMap<string, Contract> = byTypeName("resource");
export const dataSources: ReadonlyMap<string, Contract> = byTypeName("query");
export const ephemeralResources: ReadonlyMap<string, Contract> = byTypeName("secret");
export const actions: ReadonlyMap<string, Contract> = byTypeName("action");

function byTypeName(kind: Contract["kind"]): ReadonlyMap<string, Contract> {
  const offered = contracts.filter((each) => each.kind === kind && !each.interactive);
  return new Map(offered.map((each) => [typeName(each), each]));
}

/** Inputs, outputs and, of a resource, `id` and `owner`. */
export function schemaOf(contract: Contract): Schema {
  const isResource = contract.kind === "resource";
  return block(descriptionOf(contract), [
    ...inputFields(contract).map((each) => attributeOf(each, "input", hasWriteOnly(contract))),
    ...outputFields(contract).map((each) => attributeOf(each, "output", false)),
    ...(isResource ? [ID, OWNER] : []),
  ]);
}

/** What an action is told: it has no answer that a configuration could use. */
export function actionSchema(contract: Contract): ActionSchema {
  const attributes = inputFields(contract).map((each) => attributeOf(each, "argument", hasWriteOnly(contract)));
  return { schema: block(descriptionOf(contract), attributes) };
}

const descriptionOf = ({ summary, description }: Contract): string => `${summary}\n\n${description}`;

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
