import type { Diagnostic } from "../engine/diagnostic.ts";
import type { Reason } from "../engine/plan.ts";
import { HOST } from "./declared.ts";
import { declaredIds, idAnywhere } from "./declared-by.ts";
import { anotherOwner, goneToAnother, ownerOptions } from "./owner.ts";
import { mayStandFor } from "./places.ts";
import type { ProjectCall, ProjectChange } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { concealReason } from "./secrets.ts";
import { engineAt, hostOf, isSameHost } from "./site.ts";
import { type Owned, type OwnedThings, ownedBy } from "./state.ts";
import { Values } from "./values.ts";

export interface PlannedEntry {
  readonly change: ProjectChange;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * All that entries of a file stand for (for a part: of the whole file): as far as the file itself tells, and as `planned`
 * has it, by address. What is on a host that is not reached may stand for more.
 */
export function declaredThings(
  project: Project,
  owned: OwnedThings,
  planned: Iterable<Pick<ProjectChange, "address" | "plan">> = [],
): (thing: Owned) => boolean {
  const whole = project.whole ?? project;
  const named = (address: string, id: unknown): string[] => {
    const entry = whole.entries.get(address);
    return entry && typeof id === "string" ? [owned.tell(ownedBy(entry, id))] : [];
  };
  const told = [...declaredIds(whole, owned.places)].flatMap(([address, id]) => named(address, id));
  const all = new Set([...told, ...[...planned].flatMap(({ address, plan }) => named(address, plan?.id))]);
  const values = new Values(whole);
  const unreached = [...whole.entries.values()]
    .filter(({ contract, host }) => contract.kind === "resource" && host !== null && !owned.places.has(host))
    .map((entry) => ({ entry, id: idAnywhere(entry, values) }));
  return (thing) =>
    all.has(owned.tell(thing)) || unreached.some(({ entry, id }) => mayStandFor(entry, id, { thing, owned }));
}

/**
 * What the address stood for before its identity changed: it goes with the change. What another entry stands for by now is
 * that one's, whichever address had it: entries that swap or hand on their things destroy none.
 */
export function leftBehind(
  { address, plan, host }: Pick<ProjectChange, "address" | "plan" | "host">,
  owned: OwnedThings,
  isDeclared: (thing: Owned) => boolean,
): Owned | null {
  if (typeof plan?.id !== "string") return null;
  const own = owned.tell(ownedBy({ address, host }, plan.id));
  return owned.at(address).find((each) => owned.tell(each) !== own && !isDeclared(each)) ?? null;
}

/** A planned entry, and what it leaves behind. */
export async function withLeft(
  entry: Entry,
  change: ProjectChange,
  left: Owned,
  call: ProjectCall,
): Promise<PlannedEntry> {
  const owner = await anotherOwner(left, call);
  if (owner) return { change: { ...change, removes: left }, diagnostics: [goneToAnother(left, owner)] };
  const options = { ...ownerOptions(call, left), signal: call.signal, goes: call.going?.(hostOf(left)) };
  const removal = await (await engineAt(left, call)).prepare(entry.contract, null, {
    ...options,
    prior: { id: left.id },
  });
  const reasons = [concealReason(whyMoved(entry, change, left), entry.secrets), ...change.reasons];
  const moved = { ...change, action: "replace" as const, reasons, removes: left, left: removal.prior };
  return { change: moved, diagnostics: removal.plan.diagnostics };
}

function whyMoved(entry: Entry, { plan }: ProjectChange, left: Owned): Reason {
  if (isSameHost(entry, left)) {
    const why = "it moves to another place";
    return { path: entry.contract.identity, before: left.id, after: plan?.id ?? null, why };
  }
  const why = "it is made anew on another host, and destroyed where it was";
  return { path: [HOST], before: hostOf(left), after: entry.host, why };
}
