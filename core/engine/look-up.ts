import { GuestkitError } from "../kit/errors.ts";
import type { Contract } from "../model/contract.ts";
import { demand, type State } from "./apply-error.ts";
import type { CallOptions, EngineFace } from "./engine-face.ts";

/**
 * The thing of a name, as it is: what an import finds, and no more than looked at. Throws `E_IMPORT_MISSING`, and what is wrong
 * with the name.
 */
export async function lookUp(
  engine: EngineFace,
  contract: Contract,
  id: string,
  options: CallOptions = {},
): Promise<State> {
  const [name = ""] = contract.identity;
  demand((await engine.validate(contract, { [name]: id })).filter(({ path }) => path[0] === name));
  const key = String(engine.identify(contract, { [name]: id }));
  const state = await engine.observe(contract, { [name]: key, id: key }, options);
  if (state) return state;
  throw new GuestkitError("E_IMPORT_MISSING", `Cannot import ${contract.name} "${id}": there is no such thing`, {
    help: `Give the ${name} of one that exists.`,
  });
}
