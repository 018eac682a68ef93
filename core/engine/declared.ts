import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import { canonicalFields } from "./normalise.ts";
import type { Plan } from "./plan.ts";
import type { BaseDir } from "./spelling.ts";
import { tellable } from "./tellable.ts";

/**
 * What one engine has planned for things, those that do not exist yet above all, so that whatever stands on them can be judged by their
 * declaration in the same plan. In memory alone, and without secrets.
 */
export class Declared {
  readonly #planned = new Map<string, { readonly state: ValueObject; readonly isMade: boolean }>();

  /** Keeps the plan of a thing that is to be made or changed; forgets the thing where the plan is another. */
  remember(contract: Contract, plan: Plan, baseDir: BaseDir): void {
    const { action, id, planned } = plan;
    if (typeof id !== "string") return;
    if (action === "none" || action === "delete" || !planned) {
      this.forget(contract.name, id);
      return;
    }
    const input = canonicalFields(contract.input, tellable(contract.input, planned), baseDir);
    this.#planned.set(keyOf(contract.name, id), { state: { ...planned, ...input }, isMade: action !== "update" });
  }

  /** A thing that is to be made. */
  find(contract: string, id: string): ValueObject | null {
    const found = this.#planned.get(keyOf(contract, id));
    return found?.isMade ? found.state : null;
  }

  /** One that is to be made or changed. */
  findAny(contract: string, id: string): ValueObject | null {
    return this.#planned.get(keyOf(contract, id))?.state ?? null;
  }

  forget(contract: string, id: string): void {
    this.#planned.delete(keyOf(contract, id));
  }
}

const keyOf = (contract: string, id: string) => `${contract} ${id}`;
