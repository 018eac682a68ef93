import { declarationOf } from "@guestkit/core/engine";
import type { Contract } from "@guestkit/core/model";
import type { GenerateResourceConfigRequest, GenerateResourceConfigResponse } from "../generated/protocol.ts";
import { fromTerraform, toTerraform } from "../schema/value.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";

/** What a user would have to write for a resource that is there already. */
export function generateResourceConfig(
  contract: Contract,
  { state }: GenerateResourceConfigRequest,
): GenerateResourceConfigResponse {
  const found = fromTerraform(contract, readDynamic(state));
  return { config: writeDynamic(toTerraform(contract, found && declarationOf(contract, found))) };
}
