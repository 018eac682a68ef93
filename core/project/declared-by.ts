import { normalise } from "../engine/normalise.ts";
import { identify } from "../engine/plan.ts";
import type { UNKNOWN, ValueObject } from "../model/value.ts";
import type { Entry, Project } from "./project.ts";
import type { Owned } from "./state.ts";
import { Values } from "./values.ts";

/** Whether a file declares a very thing under its address, as far as the file and the environment alone tell. */
export function declaredBy(project: Project): (thing: Owned) => boolean {
  const ids = declaredIds(project);
  return ({ address, id }) => ids.get(address) === id;
}

/** By address what each entry stands for, as far as that tells; null for a query, and where it cannot be told. */
export function declaredIds(project: Project): ReadonlyMap<string, string | typeof UNKNOWN | null> {
  const values = new Values(project);
  return new Map([...project.entries].map(([address, entry]) => [address, idOf(project, entry, values)] as const));
}

/** A reference that cannot be resolved is told when the entry is planned. */
function idOf({ baseDir }: Project, { contract, config }: Entry, values: Values): string | typeof UNKNOWN | null {
  if (contract.kind !== "resource") return null;
  try {
    const identity: ValueObject = Object.fromEntries(contract.identity.map((name) => [name, config[name] ?? null]));
    return identify(contract, normalise(contract.input, values.evaluate(identity)), baseDir);
  } catch {
    return null;
  }
}
