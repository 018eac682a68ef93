import type { EngineFace, Machine } from "@guestkit/core/engine";
import { spellOwner } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import type { ImportResourceStateRequest, ImportResourceStateResponse } from "../generated/protocol.ts";
import { toTerraform } from "../schema/value.ts";
import { writeDynamic } from "./dynamic.ts";
import { identityOf, idOfIdentity } from "./identity.ts";
import { newPrivate, ownerAttribute, ownerOptions, type Private, privateOf, writePrivate } from "./owner.ts";
import type { Session } from "./session.ts";

export async function importResourceState(
  session: Session,
  contract: Contract,
  { type_name = "", id = "", identity }: ImportResourceStateRequest,
  signal: AbortSignal,
): Promise<ImportResourceStateResponse> {
  const engine = await session.engine();
  const name = idOfIdentity(engine, contract, identity) ?? withoutHost(id, engine.machine);
  const owner = { ...(await ownerThere(engine, contract, name)), machine: engine.machine };
  const state = await session.run(name, signal, (options) =>
    engine.import(contract, name, { ...options, ...ownerOptions(type_name, owner, false) }),
  );
  const shown = writeDynamic(toTerraform(contract, state, ownerAttribute(owner)));
  const told = { private: writePrivate(owner), identity: identityOf(engine, contract, state) };
  return { imported_resources: [{ type_name, state: shown, ...told }] };
}

/**
 * What a state owns it by already, else a new owner. Each plan with an `import` block imports, and the apply of one of them
 * counts: were each plan an owner of its own, the last would refuse the others, and the state that had it before.
 */
async function ownerThere(engine: EngineFace, contract: Contract, id: string): Promise<Private> {
  const [name] = contract.identity;
  const key = String(engine.identify(contract, { [String(name)]: id }));
  const found = await engine.ownerOf(contract, key).catch(() => null);
  return (found && privateOf(spellOwner(found))) ?? newPrivate();
}

/** `HOST:ID` means the same as the id alone where the settings name that host. */
function withoutHost(id: string, { host }: Machine): string {
  return host !== null && id.startsWith(`${host}:`) ? id.slice(host.length + 1) : id;
}
