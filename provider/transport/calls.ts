import type { Service } from "@guestkit/core/grpc";
import type { CALLS, Messages } from "../generated/protocol.ts";

/** Calls for what this provider does not announce: engines do not make them, and would be told that there are none. */
type Unserved =
  | "MoveResourceState"
  | "GenerateResourceConfig"
  | "UpgradeResourceIdentity"
  | "ValidateListResourceConfig"
  | "ListResource";

export type ProviderService = Omit<Service<typeof CALLS, Messages, "tfplugin6.Provider">, Unserved>;
