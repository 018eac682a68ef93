import { decodeFields } from "./protobuf-decode.ts";
import { encodeFields } from "./protobuf-encode.ts";
import type { Table } from "./protobuf-layout.ts";

/** Messages of one protocol to bytes and back, by its table. `Messages` has the type of each by its name. */
export interface Codec<Messages> {
  readonly encodeMessage: <N extends keyof Messages & string>(name: N, message: Messages[N]) => Uint8Array;
  /** Throws a RangeError where the bytes are no such message. */
  readonly decodeMessage: <N extends keyof Messages & string>(name: N, bytes: Uint8Array) => Messages[N];
}

export const protobuf = <Messages>(table: Table): Codec<Messages> => ({
  encodeMessage: (name, message) => encodeFields(table, name, message as Readonly<Record<string, unknown>>),
  decodeMessage: (name, bytes) => decodeFields(table, name, bytes) as Messages[typeof name],
});
