import { isList, isObject, type Value } from "../model/value.ts";
import { findCycle } from "./graph.ts";
import { isOneMachine, type Places } from "./places.ts";
import type { ProjectChange } from "./plan.ts";
import type { Project } from "./project.ts";

type Entries = Project["entries"];
export type Removal = Pick<ProjectChange, "address" | "prior" | "removes">;

/** A removal, and the keys of those that go before it: what stands on its thing. */
export interface OrderedRemoval<T> {
  readonly change: T;
  readonly needs: readonly string[];
}

/**
 * Removals in the order in which they may go. A thing stands on another one where the file says so, or where it names the
 * other's id: so it is also where the file has neither of them any more. `changes` have the last made first; where things
 * name one another in a circle, what was made later stands on the earlier alone.
 */
export function orderRemovals<T extends Removal>(
  changes: readonly T[],
  entries: Entries = new Map(),
  places: Places = new Map(),
): ReadonlyMap<string, OrderedRemoval<T>> {
  const pairs = changes.flatMap((above, at) =>
    standingOn(above, changes, { entries, places }).map((below) => [at, below] as const),
  );
  const whole = graphOf(changes, pairs);
  if (!findCycle(whole)) return whole;
  return graphOf(
    changes,
    pairs.filter(([above, below]) => above < below),
  );
}

function graphOf<T extends Removal>(
  changes: readonly T[],
  pairs: readonly (readonly [number, number])[],
): ReadonlyMap<string, OrderedRemoval<T>> {
  const needs = new Map<number, string[]>();
  for (const [above, below] of pairs) needs.set(below, [...(needs.get(below) ?? []), String(above)]);
  return new Map(changes.map((change, at) => [String(at), { change, needs: needs.get(at) ?? [] }] as const));
}

/** The places among `changes` of the things that one stands on. */
function standingOn(
  above: Removal,
  changes: readonly Removal[],
  { entries, places }: { readonly entries: Entries; readonly places: Places },
): readonly number[] {
  const named = new Set(textsOf(above.prior ?? null));
  const needed = neededBy(above.address, entries);
  return changes.flatMap((below, at) => {
    if (below === above || !below.removes) return [];
    const isThere = !above.removes || isOneMachine(above.removes, below.removes, places);
    const isNamed = isThere && below.removes.id !== above.removes?.id && named.has(below.removes.id);
    return isNamed || needed.has(below.address) ? [at] : [];
  });
}

/** Addresses that an entry needs, through queries as well. */
function neededBy(address: string, entries: Entries): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (at: string) => {
    for (const need of entries.get(at)?.needs ?? []) {
      if (found.has(need)) continue;
      found.add(need);
      add(need);
    }
  };
  add(address);
  return found;
}

function textsOf(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
}
