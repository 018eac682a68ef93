import { CallError, protobuf } from "@guestkit/core/grpc";
import { GuestkitError, reportError } from "@guestkit/core/kit";
import { Failure, PartialFailure } from "../face/failure.ts";
import { FIELDS, type Messages } from "../generated/protocol.ts";
import { type Raw, writeStruct } from "./struct.ts";

const { encodeMessage } = protobuf<Messages>(FIELDS);
const PARTIAL = "type.googleapis.com/pulumirpc.ErrorResourceInitFailed";
/** gRPC's UNKNOWN: a failure that is the provider's own. */
const UNKNOWN_STATUS = 2;

/**
 * What the engine is told of anything thrown: with what is left of a thing, where something is. `seal` marks its secrets.
 * Without the inputs: the engine has them, and reads them here for no call that leaves something.
 */
export function callError(thrown: unknown, seal: (properties: Raw) => Raw): CallError {
  if (!(thrown instanceof PartialFailure)) return new CallError(textOf(thrown));
  const { message, id, properties, reasons } = thrown;
  const left = { id, properties: writeStruct(seal(properties)), reasons };
  const detail = { type_url: PARTIAL, value: encodeMessage("ErrorResourceInitFailed", left) };
  return new CallError(message, encodeMessage("Status", { code: UNKNOWN_STATUS, message, details: [detail] }));
}

/** With its code and what to do. */
function textOf(thrown: unknown): string {
  if (thrown instanceof Failure || thrown instanceof CallError) return thrown.message;
  const { message, code, help } = reportError(thrown);
  return `${message} (${code})${help ? `\n${help}` : ""}`;
}

export function unknownToken(token: string): GuestkitError {
  return new GuestkitError("E_CONTRACT_UNKNOWN", `Cannot use "${token}": this provider has no such type or function`, {
    help: "Use the SDK of the provider's own version.",
  });
}
