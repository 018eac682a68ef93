import { type FactFields, factKind, type Known, NO_FACTS } from "../guest/facts/index.ts";
import type { Allowance } from "../kit/budget.ts";
import type { FactGroup } from "../kit/fact-groups.ts";

export interface FactOptions {
  /** Groups of facts to gather beside those that always are; none where left out. */
  readonly facts?: readonly FactGroup[] | undefined;
}

/** Reads one fact within its share; null where it cannot be read. */
type ReadFact = <T>(name: string, read: () => Promise<T>, more?: Partial<Allowance>) => Promise<T | null>;

/** The groups that were asked for, one after another. */
export async function readFacts(groups: readonly FactGroup[], known: Known, fact: ReadFact): Promise<FactFields> {
  const found: { [K in FactGroup]: unknown } = { ...NO_FACTS };
  for (const group of groups) {
    const { read, share } = await factKind(group);
    found[group] = await fact(group, () => read(known), share);
  }
  return found as FactFields;
}
