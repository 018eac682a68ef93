import type { Service } from "@guestkit/core/grpc";
import type { CALLS, Messages } from "../generated/protocol.ts";

/** A call for what this provider does not announce: engines do not make it, and would be told that there is none. */
type Unserved = "MoveResourceState";

export type ProviderService = Omit<Service<typeof CALLS, Messages, "tfplugin6.Provider">, Unserved>;
