import { mapValues } from "../engine/normalise.ts";
import { type Keys, type Opener, readKeys } from "../kit/keys.ts";
import { isObject, type Value } from "../model/value.ts";

/**
 * Keys as a conversation starts with them: as declarations have them, or with `base64`, the bytes of a file of the client's.
 * Throws `E_KEYS`.
 */
export function keysIn(value: Value): Keys | null {
  if (!isObject(value)) return readKeys(value);
  const told = readKeys(mapValues(value, (each) => (isObject(each) ? withoutBytes(each) : each)));
  const all = Object.entries(value).map(([selector, each]) => [
    selector,
    [...[told?.[selector] ?? []].flat(), ...bytesIn(each)],
  ]);
  return Object.fromEntries(all);
}

function withoutBytes({ base64, ...rest }: Readonly<Record<string, Value>>): Value {
  return typeof base64 === "string" ? rest : { ...rest, ...(base64 !== undefined && { base64 }) };
}

const bytesIn = (value: Value): readonly Opener[] =>
  isObject(value) && typeof value.base64 === "string" ? [new Uint8Array(Buffer.from(value.base64, "base64"))] : [];
