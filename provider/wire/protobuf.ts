import { protobuf } from "@guestkit/core/grpc";
import { FIELDS, type Messages } from "../generated/protocol.ts";

/** The messages of the engine's protocol. */
export const { encodeMessage, decodeMessage } = protobuf<Messages>(FIELDS);
