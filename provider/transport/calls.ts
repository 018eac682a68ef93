import type { Service } from "@guestkit/core/grpc";
import type { CALLS, Messages } from "../generated/protocol.ts";

export type ProviderService = Service<typeof CALLS, Messages, "tfplugin6.Provider">;
