import { protobuf } from "@guestkit/core/grpc";
import { FIELDS, type Messages } from "../generated/protocol.ts";

/** The messages of the engine's protocol. */
export const codec = protobuf<Messages>(FIELDS);

export const { encodeMessage, decodeMessage } = codec;
