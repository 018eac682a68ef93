import type { Machine } from "@guestkit/core/engine";
import type { Contract } from "@guestkit/core/model";
import type { ImportResourceStateRequest, ImportResourceStateResponse } from "../generated/protocol.ts";
import { toTerraform } from "../schema/value.ts";
import { writeDynamic } from "./dynamic.ts";
import { identityOf, idOfIdentity } from "./identity.ts";
import { newPrivate, ownerAttribute, ownerOptions, writePrivate } from "./owner.ts";
import type { Session } from "./session.ts";

export async function importResourceState(
  session: Session,
  contract: Contract,
  { type_name = "", id = "", identity }: ImportResourceStateRequest,
  signal: AbortSignal,
): Promise<ImportResourceStateResponse> {
  const engine = await session.engine();
  const owner = { ...newPrivate(), machine: engine.machine };
  const name = idOfIdentity(engine, contract, identity) ?? withoutHost(id, engine.machine);
  const state = await session.run(name, signal, (options) =>
    engine.import(contract, name, { ...options, ...ownerOptions(type_name, owner, false) }),
  );
  const shown = writeDynamic(toTerraform(contract, state, ownerAttribute(owner)));
  const told = { private: writePrivate(owner), identity: identityOf(engine, contract, state) };
  return { imported_resources: [{ type_name, state: shown, ...told }] };
}

/** `HOST:ID` means the same as the id alone where the settings name that host. */
function withoutHost(id: string, { host }: Machine): string {
  return host !== null && id.startsWith(`${host}:`) ? id.slice(host.length + 1) : id;
}
