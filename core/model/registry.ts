import compiled from "../generated/contracts.json" with { type: "json" };
import { GuestkitError } from "../kit/errors.ts";
import { suggestion } from "../kit/nearest.ts";
import type { Contract, ContractKind } from "./contract.ts";

/** Every contract as static data. */
export const contracts = compiled as unknown as readonly Contract[];

/** Kinds that answer and change nothing: the engine's `query` takes them. */
export const ANSWERING: readonly ContractKind[] = ["query", "secret", "function"];

/** The contract of a name, of one of these kinds, or of any. Throws `E_CONTRACT_UNKNOWN`. */
export function contractOf(name: string, ...kinds: readonly ContractKind[]): Contract {
  const fits = contracts.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const found = fits.find((each) => each.name === name);
  if (found) return found;
  const known = fits.map((each) => each.name);
  throw new GuestkitError(
    "E_CONTRACT_UNKNOWN",
    `Cannot use ${kinds[0] ?? "contract"} "${name}": there is none of that name`,
    {
      help: `${suggestion(name, known)}Known: ${known.join(", ")}`,
    },
  );
}
