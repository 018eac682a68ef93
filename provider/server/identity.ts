import type { EngineFace } from "@guestkit/core/engine";
import { GuestkitError } from "@guestkit/core/kit";
import { type Contract, isObject, UNKNOWN, type ValueObject } from "@guestkit/core/model";
import type { ResourceIdentityData } from "../generated/protocol.ts";
import { identityTo, keyFrom } from "../schema/identity.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";

/** What tells a thing from all others, of a state or its key alone. */
export function identityOf(engine: EngineFace, contract: Contract, declared: ValueObject): ResourceIdentityData {
  return { identity_data: writeDynamic(toldApart(engine, contract, declared)) };
}

/** The same in the answer of a plan; left out while a part of it is unknown: OpenTofu 1.12 ends such a plan. */
export function plannedIdentity(
  engine: EngineFace,
  contract: Contract,
  planned: ValueObject,
): { readonly planned_identity?: ResourceIdentityData } {
  const isKnown = !Object.values(toldApart(engine, contract, planned)).includes(UNKNOWN);
  return isKnown ? { planned_identity: identityOf(engine, contract, planned) } : {};
}

const toldApart = (engine: EngineFace, contract: Contract, declared: ValueObject): ValueObject =>
  identityTo(contract, engine.canonical(contract, declared), engine.machine.host);

/** The name that an identity tells; undefined where there is none. Throws `E_IMPORT_HOST` for what is on another host. */
export function nameInIdentity(
  engine: EngineFace,
  contract: Contract,
  given: ResourceIdentityData | undefined,
): string | undefined {
  const identity = readDynamic(given?.identity_data);
  if (!isObject(identity)) return undefined;
  const [id] = Object.values(keyFrom(contract, identity)).map(String);
  const { host } = engine.machine;
  const wanted = identity.host ?? null;
  if (wanted === null || wanted === host) return id;
  throw new GuestkitError(
    "E_IMPORT_HOST",
    `Cannot import "${String(id)}": it is on ${String(wanted)}, the provider's host is ${host ?? "this machine"}`,
    {
      help: `Say which provider it belongs to (provider = guestkit.ALIAS), one with host = "${String(wanted)}".`,
    },
  );
}
