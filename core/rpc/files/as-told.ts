import type { Engine } from "../../engine/engine.ts";
import { canonical } from "../../engine/normalise.ts";
import { mapSided } from "../../engine/observed-side.ts";
import type { Contract } from "../../model/contract.ts";
import type { Value, ValueObject } from "../../model/value.ts";
import { filesOf, namedFiles } from "./named.ts";

/**
 * A state as a host answers it, for the caller to keep: later calls tell it, and what they tell may name files. So a file of
 * his that the call itself did not name is `caller:/PATH` in it, as records of other callers have it, and names nothing. Nor
 * does a value that is no text: faces would make one of it.
 */
export function asTold(
  engine: Pick<Engine, "base" | "canonical">,
  contract: Contract,
  told: readonly ValueObject[],
  state: ValueObject,
): ValueObject {
  const { files, folders } = namedFiles(engine, contract, told);
  return mapSided(contract.input, state, (value, type): Value => {
    if (typeof value !== "string") return null;
    const spelled = canonical(type, value, engine.base);
    const isTold = filesOf(type, spelled).every(({ path, isFolder }) => (isFolder ? folders : files).has(path));
    return isTold ? value : spelled;
  });
}
