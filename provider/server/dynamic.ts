import { GuestkitError, parseJson } from "@guestkit/core/kit";
import type { Value } from "@guestkit/core/model";
import type { DynamicValue } from "../generated/protocol.ts";
import { decodeMsgpack } from "../wire/msgpack-decode.ts";
import { encodeMsgpack } from "../wire/msgpack-encode.ts";

/** The value that an engine sent; absent is null. Throws `E_ENGINE_VALUE` where it is none. */
export function readDynamic(value: DynamicValue | undefined): Value {
  try {
    if (value?.msgpack?.length) return decodeMsgpack(value.msgpack);
    if (value?.json?.length) return parseJson(Buffer.from(value.json).toString("utf8")) as Value;
    return null;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GuestkitError("E_ENGINE_VALUE", `Cannot read a value that the engine sent: ${why}`, {
      cause,
      help: "Use a release of Terraform or OpenTofu that speaks protocol 6 (1.11 or newer).",
    });
  }
}

export function writeDynamic(value: Value): DynamicValue {
  return { msgpack: encodeMsgpack(value) };
}
