import type { Contract, Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { canonicalFields, mapValues } from "./normalise.ts";
import type { Plan } from "./plan.ts";

/**
 * What one engine has planned for things, those that do not exist yet above all, so that whatever stands on them can be judged by their
 * declaration in the same plan. In memory alone, and without secrets.
 */
export class Declared {
  readonly #planned = new Map<string, { readonly state: ValueObject; readonly isMade: boolean }>();

  /** Keeps the plan of a thing that is to be made or changed; forgets the thing where the plan is another. */
  remember(contract: Contract, plan: Plan, baseDir: string): void {
    const { action, id, planned } = plan;
    if (typeof id !== "string") return;
    if (action === "none" || action === "delete" || !planned) {
      this.forget(contract.name, id);
      return;
    }
    const input = canonicalFields(contract.input, hideFields(contract.input, planned), baseDir);
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

function hideFields(fields: readonly Field[], value: ValueObject): ValueObject {
  return Object.fromEntries(
    fields.map((field) => {
      const secret = field.sensitive || field.writeOnly;
      return [field.name, secret ? null : hideWithin(field.type, value[field.name] ?? null)];
    }),
  );
}

function hideWithin(type: FieldType, value: Value): Value {
  if (type.kind === "object" && isObject(value)) return hideFields(type.fields, value);
  if (type.kind === "map" && isObject(value)) return mapValues(value, (each) => hideWithin(type.element, each));
  return type.kind === "list" && isList(value) ? value.map((each) => hideWithin(type.element, each)) : value;
}
