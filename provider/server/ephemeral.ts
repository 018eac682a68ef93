import type { Contract } from "@guestkit/core/model";
import type { OpenEphemeralResourceRequest, OpenEphemeralResourceResponse } from "../generated/protocol.ts";
import { toTerraform } from "../schema/value.ts";
import { writeDynamic } from "./dynamic.ts";
import { ask } from "./read.ts";
import type { Session } from "./session.ts";

/** What is answered is nobody's to keep: nothing has to be renewed, and nothing goes at the end. */
export async function openEphemeralResource(
  session: Session,
  contract: Contract,
  { config }: OpenEphemeralResourceRequest,
  signal: AbortSignal,
): Promise<OpenEphemeralResourceResponse> {
  return { result: writeDynamic(toTerraform(contract, await ask(session, contract, config, signal))) };
}
