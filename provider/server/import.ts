import { lookUp, type Machine } from "@guestkit/core/engine";
import type { Contract } from "@guestkit/core/model";
import type {
  DynamicValue,
  ImportResourceStateRequest,
  ImportResourceStateResponse,
  ResourceIdentityData,
} from "../generated/protocol.ts";
import { toTerraform } from "../schema/value.ts";
import { writeDynamic } from "./dynamic.ts";
import { identityOf, nameInIdentity } from "./identity.ts";
import { newPrivate, ownerAttribute, type Private, writePrivate } from "./owner.ts";
import type { Session } from "./session.ts";

/**
 * Only reads: an engine imports while it plans already, and in each plan anew. What comes into the state so carries a mark,
 * and its first change takes it over, whoever has it so far. Throws `E_IMPORT_MISSING`, `E_IMPORT_HOST`, and what looking throws.
 */
export async function importResourceState(
  session: Session,
  contract: Contract,
  { type_name = "", id = "", identity }: ImportResourceStateRequest,
  signal: AbortSignal,
): Promise<ImportResourceStateResponse> {
  const engine = await session.engine();
  const name = nameInIdentity(engine, contract, identity) ?? withoutHost(id, engine.machine);
  return { imported_resources: [{ type_name, ...(await brought(session, contract, name, signal)) }] };
}

/** What comes into a state. */
export interface Brought {
  readonly state: DynamicValue;
  readonly private: Uint8Array;
  readonly identity: ResourceIdentityData;
}

/** The thing of a name as it is, for a state that did not have it. Throws `E_IMPORT_MISSING`, and what looking throws. */
export async function brought(
  session: Session,
  contract: Contract,
  name: string,
  signal: AbortSignal,
): Promise<Brought> {
  const engine = await session.engine();
  const state = await session.run(name, signal, (options) => lookUp(engine, contract, name, options));
  const kept: Private = { ...newPrivate(), machine: engine.machine, imported: String(state.id) };
  return {
    state: writeDynamic(toTerraform(contract, state, ownerAttribute(kept))),
    private: writePrivate(kept),
    identity: identityOf(engine, contract, state),
  };
}

/** `HOST:ID` means the same as the id alone where the settings name that host. */
function withoutHost(id: string, { host }: Machine): string {
  return host !== null && id.startsWith(`${host}:`) ? id.slice(host.length + 1) : id;
}
