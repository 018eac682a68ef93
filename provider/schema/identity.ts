import type { Contract, ValueObject } from "@guestkit/core/model";
import type { ResourceIdentitySchema, ResourceIdentitySchemaIdentityAttribute } from "../generated/protocol.ts";
import { ctyType } from "./attribute.ts";
import { inputFields, type NamedField } from "./names.ts";

/** Raised when what makes an identity changes; `server/upgrade.ts` then knows how. */
export const IDENTITY_VERSION = 0;

/** What a resource is told by is its natural key, and the host that it is on. */
export function identitySchemaOf(contract: Contract): ResourceIdentitySchema {
  return { version: IDENTITY_VERSION, identity_attributes: [...keyFields(contract).map(keyAttribute), HOST] };
}

const HOST: ResourceIdentitySchemaIdentityAttribute = {
  name: "host",
  type: Buffer.from('"string"'),
  optional_for_import: true,
  description: "The host that it is on, as the provider's setting `host` names it; null on this machine.",
};

function keyAttribute({ name, field }: NamedField): ResourceIdentitySchemaIdentityAttribute {
  const type = Buffer.from(JSON.stringify(ctyType(field.type, "input")));
  return { name, type, required_for_import: true, description: field.description };
}

function keyFields(contract: Contract): readonly NamedField[] {
  return inputFields(contract).filter(({ field }) => contract.identity.includes(field.name));
}

/** The identity of a declaration in canonical form, as Terraform holds it. */
export function identityTo(contract: Contract, declared: ValueObject, host: string | null): ValueObject {
  const key = keyFields(contract).map(({ name, field }) => [name, declared[field.name] ?? null]);
  return { ...Object.fromEntries(key), host };
}

/** The key that an identity gives, in guestkit's names. */
export function keyFrom(contract: Contract, identity: ValueObject): ValueObject {
  return Object.fromEntries(keyFields(contract).map(({ name, field }) => [field.name, identity[name] ?? null]));
}
