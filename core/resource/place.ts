import { reading, type Use } from "../inspect/index.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { encodeName } from "../kit/name.ts";
import { isList, type Value, type ValueObject } from "../model/value.ts";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** The choice of file system and state that queries and actions carry. */
export function placeOf(input: ValueObject, context: Context) {
  return {
    partition: typeof input.partition === "number" ? input.partition : undefined,
    filesystem: text(input.filesystem),
    snapshot: text(input.snapshot),
    format: text(input.image_format),
    with: isList(input.with ?? null) ? (input.with as readonly Value[]).map(String) : undefined,
    keys: context.settings.keys,
    signal: context.signal,
  };
}

export function readImageOf<T>(input: ValueObject, context: Context, use: Use<T>): Promise<T> {
  return reading(String(input.disk_image), placeOf(input, context), use);
}

/** A guest path given as text (`name`) or in base64 (`name_base64`, which goes first). Throws `E_FIELD_REQUIRED`. */
export function pathBytes(input: ValueObject, name: string): Uint8Array {
  const base64 = text(input[`${name}_base64`]);
  if (base64 !== undefined) return new Uint8Array(Buffer.from(base64, "base64"));
  const plain = text(input[name]);
  if (plain !== undefined) return encodeName(plain);
  throw new GuestkitError("E_FIELD_REQUIRED", `Cannot do without ${name}: it is required`, {
    at: { field: [name] },
    help: `Give ${name}, or ${name}_base64 for one that is no UTF-8.`,
  });
}
