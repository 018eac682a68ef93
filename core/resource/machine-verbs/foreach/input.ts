import { parseJson } from "../../../kit/depth.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import type { Field, FieldType } from "../../../model/contract.ts";
import { isObject, type Value, type ValueObject } from "../../../model/value.ts";
import { fieldsBeside, type MachineVerb } from "./verbs.ts";

/**
 * The verb's input from texts, as every face can give it: numbers and truth values as they are written, lists and maps as
 * JSON. Throws `E_FOREACH_INPUT`.
 */
export function inputFromTexts(verb: MachineVerb, texts: ValueObject): ValueObject {
  const fields = fieldsBeside(verb);
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const field = fields.find((each) => each.name === name);
      if (!field)
        throw fault(verb, name, `there is no such input; it has: ${fields.map((each) => each.name).join(", ")}`);
      return [name, fromText(verb, field, String(text))];
    }),
  );
}

function fromText(verb: MachineVerb, { name, type }: Field, text: string): Value {
  if (isText(type)) return text;
  const value = parsed(text);
  if (suits(type, value)) return value;
  throw fault(verb, name, `it must be ${WORDS[type.kind]}, not "${text.slice(0, 80)}"`);
}

const isText = ({ kind }: FieldType): boolean => kind === "string" || kind === "path" || kind === "size";

const WORDS: Readonly<Record<FieldType["kind"], string>> = {
  ...{ string: "a text", path: "a path", size: "a size", boolean: "true or false" },
  ...{ integer: "a number", number: "a number", list: "a list in JSON", map: "a map in JSON", object: "a map in JSON" },
};

function suits({ kind }: FieldType, value: Value): boolean {
  if (kind === "boolean") return typeof value === "boolean";
  if (kind === "list") return Array.isArray(value);
  return kind === "map" || kind === "object" ? isObject(value) : typeof value === "number";
}

/** Null for what is no JSON: that suits nothing. */
function parsed(text: string): Value {
  try {
    return parseJson(text) as Value;
  } catch {
    return null;
  }
}

function fault({ word }: MachineVerb, name: string, why: string): GuestkitError {
  return new GuestkitError("E_FOREACH_INPUT", `Cannot take "${name}" for vm ${word}: ${why}`, {
    at: { field: ["input", name] },
    help: 'Lists are JSON: {"command": "[\\"uname\\", \\"-r\\"]"}.',
  });
}
