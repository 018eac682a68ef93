import { type Contract, contracts, type Field, type Value, type ValueObject } from "@guestkit/core/model";
import { type FunctionParameter, type Function as FunctionSchema, StringKind } from "../generated/protocol.ts";
import { ctyType, type Side } from "./attribute.ts";
import { readValue, writeValue } from "./value.ts";

/** Functions by their name: engines write `provider::guestkit::` before it. */
export const functions: ReadonlyMap<string, Contract> = new Map(
  contracts.filter(({ kind }) => kind === "function").map((each) => [each.name, each]),
);

/** Inputs in their order; the one that may be left out is a variadic parameter, of which one is taken. */
export function functionOf(contract: Contract): FunctionSchema {
  const { summary, description, input } = contract;
  const [optional] = input.filter(({ required }) => !required);
  return {
    parameters: input.filter(({ required }) => required).map(parameterOf),
    ...(optional && { variadic_parameter: parameterOf(optional) }),
    return: { type: typeOf(resultOf(contract), "output") },
    summary,
    description,
    description_kind: StringKind.MARKDOWN,
  };
}

function parameterOf(field: Field): FunctionParameter {
  const { name, description } = field;
  return { name, type: typeOf(field, "argument"), description, description_kind: StringKind.MARKDOWN };
}

const typeOf = ({ type }: Field, side: Side): Uint8Array => Buffer.from(JSON.stringify(ctyType(type, side)));

/** The declaration that a call's arguments are. Those behind the last parameter are dropped. */
export function inputOf({ input }: Contract, given: readonly Value[]): ValueObject {
  const pairs = input.slice(0, given.length).map((field, at) => [field, given[at] ?? null] as const);
  return Object.fromEntries(pairs.map(([field, value]) => [field.name, readValue(field.type, value, false)]));
}

/** What a call gives of an answer. */
export function resultIn(contract: Contract, answer: ValueObject): Value {
  const { name, type } = resultOf(contract);
  return writeValue(type, answer[name] ?? null, "output", false);
}

/** Functions have one output. */
function resultOf({ output, name }: Contract): Field {
  const [field] = output;
  if (!field) throw new TypeError(`The function ${name} gives nothing`);
  return field;
}
