import type { Value } from "@guestkit/core/model";
import type { DynamicValue } from "../generated/protocol.ts";
import { decodeMsgpack } from "../wire/msgpack-decode.ts";
import { encodeMsgpack } from "../wire/msgpack-encode.ts";

/** The value that an engine sent; absent is null. */
export function readDynamic(value: DynamicValue | undefined): Value {
  if (value?.msgpack?.length) return decodeMsgpack(value.msgpack);
  if (value?.json?.length) return JSON.parse(Buffer.from(value.json).toString("utf8")) as Value;
  return null;
}

export function writeDynamic(value: Value): DynamicValue {
  return { msgpack: encodeMsgpack(value) };
}
