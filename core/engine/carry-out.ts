import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Contract } from "../model/contract.ts";
import { isWhollyKnown, type ValueObject } from "../model/value.ts";
import { adoptFields, withoutUnknown } from "./adopt.ts";
import type { ResourceImplementation } from "./implementation.ts";
import { canonicalFields } from "./normalise.ts";
import type { Plan } from "./plan.ts";
import type { BaseDir } from "./spelling.ts";

/** What is to be done, and with what. */
export interface Work {
  readonly contract: Contract;
  readonly plan: Plan;
  readonly id: string;
  /** The declaration with its secrets in canonical form; null for a removal. */
  readonly input: ValueObject | null;
  readonly baseDir: BaseDir;
}

/** Has a contract's implementation do what a plan says. Throws `E_UNKNOWN_VALUE` and what that throws. */
export async function carryOut(implementation: ResourceImplementation, work: Work, context: Context): Promise<void> {
  const { plan, id, input } = work;
  if (!input) return implementation.remove(id, context);
  if (!isWhollyKnown(input)) {
    throw new GuestkitError("E_UNKNOWN_VALUE", `Cannot apply "${id}": a value is still unknown`, {
      help: "Apply first what it comes from.",
    });
  }
  const carried = adopted(work, input);
  if (plan.action === "update") return implementation.update(id, carried, plan.changes, context);
  return implementation.create(carried, { replacing: plan.action === "replace" }, context);
}

/** The inputs with what the user leaves to what is there, or to what the plan foresaw. */
function adopted({ contract, plan, baseDir }: Work, input: ValueObject): ValueObject {
  const filled = adoptFields(contract.input, input, { there: plan.planned ?? {} });
  return canonicalFields(contract.input, withoutUnknown(filled) as ValueObject, baseDir);
}

/** The inputs that the plan knows, in the spelling that it promised (an imported 67108864 stays, where 64M is asked). */
export function spelled(contract: Contract, plan: Plan): ValueObject {
  const planned = contract.input.map((field) => [field.name, plan.planned?.[field.name] ?? null] as const);
  return Object.fromEntries(planned.filter(([, value]) => value !== null && isWhollyKnown(value)));
}
