import type { EngineFace } from "@guestkit/core/engine";
import { GuestkitError } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import { camelCase } from "./names.ts";
import type { Properties } from "./values.ts";

/**
 * The engine's key of what an id names, wherever it works from. `HOST:ID` means the same as the id alone where the engine
 * is on that host.
 */
export function keyOf(engine: EngineFace, contract: Contract, id: string): string {
  const [name] = contract.identity;
  const { host } = engine.machine;
  const own = host !== null && id.startsWith(`${host}:`) ? id.slice(host.length + 1) : id;
  return String(engine.identify(contract, { [name as string]: own }));
}

/**
 * The key of a thing of the state: what its own properties say, where that is a whole key; else its id, made whole. Older
 * releases kept the id as it was typed to an import, and from another folder that names another thing.
 */
export function keyInState(engine: EngineFace, contract: Contract, id: string, properties: Properties): string {
  const own = properties[camelCase(String(contract.identity[0]))];
  return typeof own === "string" && keyOf(engine, contract, own) === own ? own : keyOf(engine, contract, id);
}

/** Demands that a thing's id in the state is its key, so that no other thing is changed in its place. Throws `E_STATE_ID`. */
export function demandKey(engine: EngineFace, contract: Contract, id: string, properties: Properties): void {
  const key = keyInState(engine, contract, id, properties);
  if (id === key) return;
  throw new GuestkitError(
    "E_STATE_ID",
    `Cannot look after "${id}": its properties in the state are those of "${key}"`,
    {
      help: "Run `pulumi refresh`: it puts that id in the state. See first that it is the thing you mean.",
    },
  );
}
