import { isDeepStrictEqual } from "node:util";
import type { Contract, Field, FieldType } from "@guestkit/core/model";
import { camelCase } from "../face/names.ts";
import type { Raw } from "./struct.ts";

const isObject = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

/** The declaration that a thing as it was read stands for: what is not by default, with Pulumi's names. */
export function inputsOf(contract: Contract, outputs: Raw): Raw {
  return declared(contract.input, outputs);
}

function declared(fields: readonly Field[], outputs: Raw): Raw {
  const given = fields.flatMap((field): (readonly [string, unknown])[] => {
    const name = camelCase(field.name);
    const value = within(field.type, outputs[name]);
    const isSilent = value === undefined || value === null || isEmpty(value) || isDeepStrictEqual(value, field.default);
    return isSilent && !field.required ? [] : [[name, value]];
  });
  return Object.fromEntries(given);
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;

function within(type: FieldType, value: unknown): unknown {
  if (type.kind === "object" && isObject(value)) return declared(type.fields, value);
  if (type.kind === "list" && Array.isArray(value)) return value.map((each) => within(type.element, each));
  if (type.kind !== "map" || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, within(type.element, each)]));
}

/** The declaration after a refresh: what was declared, with the values that the world has now. */
export function refreshedInputs(inputs: Raw, before: Raw, now: Raw): Raw {
  const known = Object.entries(inputs).map(([key, value]) => {
    const isSame = !(key in now) || isDeepStrictEqual(before[key], now[key]);
    return [key, isSame ? value : now[key]];
  });
  return Object.fromEntries(known);
}
