import type { Machine } from "@guestkit/core/engine";
import { type Contract, isList, isObject, UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { fromPulumi, toPulumi } from "./names.ts";

/** How Pulumi's wire writes a value that is not known yet (sdk/nodejs/runtime/rpc.ts). */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties as Pulumi hands them over. Keys that start with two underscores are Pulumi's or this package's own. */
export type Properties = Readonly<Record<string, unknown>>;

/** The property in which the SDK's dynamic provider finds what to run. */
export const PROVIDER_KEY = "__provider";
/** Set where a thing that is there already is to be taken over: its id. */
export const IMPORT_KEY = "__guestkitImport";
/** In the state: the machine that a thing is on, where that is another one than Pulumi's. */
const MACHINE_KEY = "__guestkitMachine";

/** What the user declares. */
export function declarationOf(contract: Contract, properties: Properties): ValueObject {
  return fromPulumi(contract.input, plain(properties));
}

/** The last known state: input, output and id. */
export function stateOf(contract: Contract, id: string, properties: Properties): ValueObject {
  return { ...fromPulumi([...contract.input, ...contract.output], plain(properties)), id };
}

/** A state as outputs. The id is none of them: Pulumi keeps it itself. */
export function outputsOf(contract: Contract, state: ValueObject, { host, id }: Machine): Record<string, Value> {
  const { id: _id, ...rest } = state;
  const outputs = toPulumi([...contract.input, ...contract.output], withoutUnknown(rest));
  return { ...outputs, ...(host !== null && { [MACHINE_KEY]: { host, id } }) };
}

/** Which machine a state says; null where it says none. */
export function machineIn({ [MACHINE_KEY]: kept }: Properties): Machine | null {
  const { host, id } = (kept ?? {}) as Partial<Machine>;
  return typeof host === "string" ? { host, id: typeof id === "string" ? id : null } : null;
}

/** A planned state as outputs, with what only the apply tells as Pulumi writes it. */
export function foreseenOutputs(contract: Contract, state: ValueObject): Record<string, Value> {
  const { id: _id, ...rest } = encode(state) as ValueObject;
  return { ...toPulumi([...contract.input, ...contract.output], rest) };
}

function encode(value: Value): Value {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (isList(value)) return value.map(encode);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encode(each)]));
}

function plain(properties: Properties): ValueObject {
  const own = Object.entries(properties).filter(([key]) => !key.startsWith("__"));
  return decode(Object.fromEntries(own) as ValueObject) as ValueObject;
}

function decode(value: Value): Value {
  if (value === UNKNOWN_TEXT) return UNKNOWN;
  if (isList(value)) return value.map(decode);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]));
}

function withoutUnknown(state: ValueObject): ValueObject {
  return Object.fromEntries(Object.entries(state).filter(([, each]) => each !== UNKNOWN));
}
