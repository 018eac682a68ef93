import type { Contract } from "@guestkit/core/model";
import type { ImportResourceStateRequest, ImportResourceStateResponse } from "../generated/protocol.ts";
import { toTerraform } from "../schema/value.ts";
import { writeDynamic } from "./dynamic.ts";
import { newPrivate, ownerAttribute, ownerOptions, writePrivate } from "./owner.ts";
import type { Session } from "./session.ts";

export async function importResourceState(
  session: Session,
  contract: Contract,
  { type_name = "", id = "" }: ImportResourceStateRequest,
  signal: AbortSignal,
): Promise<ImportResourceStateResponse> {
  const owner = newPrivate();
  const state = await session.run(id, signal, (options) =>
    session.engine.import(contract, id, { ...options, ...ownerOptions(type_name, owner, false) }),
  );
  const shown = writeDynamic(toTerraform(contract, state, ownerAttribute(owner)));
  const imported = { type_name, state: shown, private: writePrivate(owner) };
  return { imported_resources: [imported] };
}
