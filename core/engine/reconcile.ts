import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import type { State } from "./apply-error.ts";
import type { Observed } from "./implementation.ts";
import { fillUnobserved, keepObserved, keepTold } from "./merge.ts";
import { normalise } from "./normalise.ts";
import { observedFrom } from "./observed-side.ts";
import type { BaseDir } from "./spelling.ts";

/**
 * What was observed, as whoever told (a declaration, or the last state) spelled it where it is the same, with what the world
 * cannot tell.
 */
export function reconcile(
  contract: Contract,
  told: ValueObject,
  observed: Observed,
  { id, baseDir }: { readonly id: string; readonly baseDir: BaseDir },
): State {
  const prior = normalise(contract.input, told);
  const input = fillUnobserved(contract.input, observedFrom(contract.input, observed.input, baseDir), prior);
  const output: ValueObject = Object.fromEntries(
    contract.output.map((field) => [field.name, observed.output[field.name] ?? null]),
  );
  const kept = keepObserved(contract.input, prior, input, baseDir);
  return { ...keepTold(contract.input, kept, told), ...output, id };
}
