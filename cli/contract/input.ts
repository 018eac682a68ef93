import { readFileSync } from "node:fs";
import { GuestkitError, parseJson, reasonOf } from "@guestkit/core/kit";
import type { Contract, Field, FieldType, Value, ValueObject } from "@guestkit/core/model";
import type { Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { type FieldOption, fieldOptions, positionalFields } from "./options.ts";

/** The input that a command line gives a contract. Throws `E_USAGE`, and `E_SECRET_READ` where a secret's file cannot be read. */
export function inputOf(contract: Contract, invocation: Invocation): ValueObject {
  const options = fieldOptions(contract);
  const given = [...argumentsOf(contract, invocation), ...options.flatMap((each) => optionOf(each, invocation))];
  const input = Object.fromEntries(given);
  for (const { field, name } of options) {
    if (field.required && input[field.name] === undefined) throw usage(invocation.command, `--${name} is missing`);
  }
  return input;
}

type Entry = readonly [string, Value];

function argumentsOf(contract: Contract, { positionals, command }: Invocation): Entry[] {
  return positionalFields(contract).flatMap((field, index): Entry[] => {
    if (field.type.kind === "list") return [[field.name, positionals.slice(index)]];
    const text = positionals[index];
    return text === undefined
      ? []
      : [[field.name, scalar(field.type, text, command.positionals[index]?.name, command)]];
  });
}

function optionOf({ field, name, form }: FieldOption, invocation: Invocation): Entry[] {
  const { flags, values, lists, command } = invocation;
  const text = values[name];
  const many = lists[name];
  switch (form) {
    case "on":
    case "off":
      return flags.has(name) ? [[field.name, form === "on"]] : [];
    case "list":
      return many ? [[field.name, many.map((each) => scalar(elementOf(field.type), each, `--${name}`, command))]] : [];
    case "map":
      return many ? [[field.name, pairs(field, name, many, command)]] : [];
    case "json":
      return text === undefined ? [] : [[field.name, json(text, name, command)]];
    case "secret":
      return text === undefined ? [] : [[field.name, secret(field.type, text, name, command)]];
    case "value":
      return text === undefined ? [] : [[field.name, scalar(field.type, text, `--${name}`, command)]];
  }
}

function elementOf(type: FieldType): FieldType {
  return type.kind === "list" || type.kind === "map" ? type.element : type;
}

function scalar(type: FieldType, text: string, what: string | undefined, command: Invocation["command"]): Value {
  if (type.kind === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw usage(command, `${what} must be true or false, not "${text}"`);
  }
  if (type.kind !== "integer" && type.kind !== "number") return text;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  throw usage(command, `${what} must be a number, not "${text}"`);
}

function pairs(field: Field, name: string, many: readonly string[], command: Invocation["command"]): ValueObject {
  return Object.fromEntries(
    many.map((each) => {
      const at = each.indexOf("=");
      if (at < 1) throw usage(command, `--${name} must be KEY=VALUE, not "${each}"`);
      return [each.slice(0, at), scalar(elementOf(field.type), each.slice(at + 1), `--${name}`, command)];
    }),
  );
}

function json(text: string, name: string, command: Invocation["command"]): Value {
  try {
    return parseJson(text) as Value;
  } catch (error) {
    if (error instanceof GuestkitError) throw usage(command, `--${name} is nested too deeply`);
    throw usage(command, `--${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Never from the command line, which other users of the host can read. A map or a list of secrets is JSON in the file. */
function secret(type: FieldType, path: string, name: string, command: Invocation["command"]): Value {
  let text: string;
  try {
    text = readFileSync(path === "-" ? 0 : path, "utf8").replace(/\r?\n$/, "");
  } catch (cause) {
    throw new GuestkitError("E_SECRET_READ", `Cannot read the secret of --${name}: ${reasonOf(cause)}`, {
      cause,
      at: { file: path },
      help: "Name a file that this user can read, or - for standard input.",
    });
  }
  return type.kind === "string" ? text : json(text, name, command);
}
