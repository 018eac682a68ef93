import { type Keys, type Opener, readKeys } from "../kit/keys.ts";
import { isList, isObject, type Value } from "../model/value.ts";

/**
 * Keys as a conversation starts with them: as declarations have them, or with `base64`, the bytes of a file of the client's;
 * a list where a selector has several. Throws `E_KEYS`.
 */
export function keysIn(value: Value): Keys | null {
  if (!isObject(value)) return readKeys(value);
  const all = Object.entries(value).map(([selector, given]) => [
    selector,
    (isList(given) ? given : [given as Value]).flatMap((each) => openersIn(selector, each)),
  ]);
  return Object.fromEntries(all);
}

function openersIn(selector: string, value: Value): readonly Opener[] {
  const told = readKeys({ [selector]: isObject(value) ? withoutBytes(value) : value });
  return [...[told?.[selector] ?? []].flat(), ...bytesIn(value)];
}

function withoutBytes({ base64, ...rest }: Readonly<Record<string, Value>>): Value {
  return typeof base64 === "string" ? rest : { ...rest, ...(base64 !== undefined && { base64 }) };
}

const bytesIn = (value: Value): readonly Opener[] =>
  isObject(value) && typeof value.base64 === "string" ? [new Uint8Array(Buffer.from(value.base64, "base64"))] : [];
