import compiled from "../generated/contracts.json" with { type: "json" };
import { GuestkitError } from "../kit/errors.ts";
import { suggestion } from "../kit/nearest.ts";
import type { Contract, ContractKind } from "./contract.ts";

/** Every contract as static data. */
export const contracts = compiled as unknown as readonly Contract[];

/** The contract of a name. Throws `E_CONTRACT_UNKNOWN`. */
export function contractOf(name: string, kind?: ContractKind): Contract {
  const found = contracts.find((each) => each.name === name && (kind === undefined || each.kind === kind));
  if (found) return found;
  const known = contracts.filter((each) => !kind || each.kind === kind).map((each) => each.name);
  throw new GuestkitError(
    "E_CONTRACT_UNKNOWN",
    `Cannot use ${kind ?? "contract"} "${name}": there is none of that name`,
    {
      help: `${suggestion(name, known)}Known: ${known.join(", ")}`,
    },
  );
}
