import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import type { State } from "./apply-error.ts";
import { hasErrors } from "./diagnostic.ts";
import type { CallOptions, EngineFace, Prepared } from "./engine-face.ts";
import { refusedPlan } from "./plan.ts";

/**
 * Validates, observes, plans and looks ahead, by an engine here or on another host. `config` is null where the thing is to
 * be absent. Throws what observing and looking ahead throw; a wrong declaration is a plan that its errors forbid.
 */
export async function prepare(
  engine: EngineFace,
  contract: Contract,
  config: ValueObject | null,
  options: CallOptions & { readonly prior?: State },
): Promise<Prepared> {
  const declared = config ? await engine.validate(contract, config) : [];
  if (hasErrors(declared)) return { plan: refusedPlan(contract, declared), prior: null };
  const prior = await engine.observe(contract, config ?? options.prior ?? {}, options);
  const plan = await engine.plan(contract, prior, config);
  const ahead = await engine.preflight(contract, plan, config, options);
  return { plan: { ...plan, diagnostics: [...declared, ...plan.diagnostics, ...ahead] }, prior };
}
