import type { Diagnostic } from "../engine/diagnostic.ts";
import type { Reason } from "../engine/plan.ts";
import { declaredIds } from "./declared-by.ts";
import { anotherOwner, goneToAnother, ownerOptions } from "./owner.ts";
import type { ProjectCall, ProjectChange } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { concealReason } from "./secrets.ts";
import { contractNameOf, type Owned, type OwnedThings } from "./state.ts";

export interface PlannedEntry {
  readonly change: ProjectChange;
  readonly diagnostics: readonly Diagnostic[];
}

/** Contract and id of a thing, as one text. */
const thingOf = (contract: string, id: string): string => `${contract} ${id}`;

/**
 * All that entries of a file stand for (for a part: of the whole file): as far as the file itself tells, and as `planned`
 * has it, by address.
 */
export function declaredThings(
  project: Project,
  planned: Iterable<Pick<ProjectChange, "address" | "plan">> = [],
): (thing: Owned) => boolean {
  const whole = project.whole ?? project;
  const told = [...declaredIds(whole)].map(([address, id]) => thingOf(contractNameOf(address), String(id)));
  const own = [...planned].filter(({ address }) => whole.entries.has(address));
  const all = new Set([...told, ...own.map(({ plan }) => thingOf(plan?.contract ?? "", String(plan?.id)))]);
  return ({ address, id }) => all.has(thingOf(contractNameOf(address), id));
}

/**
 * What the address stood for before its identity changed: it goes with the change. What another entry stands for by now is
 * that one's, whichever address had it: entries that swap or hand on their things destroy none.
 */
export function leftBehind(
  { address, plan }: Pick<ProjectChange, "address" | "plan">,
  owned: OwnedThings,
  isDeclared: (thing: Owned) => boolean,
): Owned | null {
  if (typeof plan?.id !== "string") return null;
  return owned.at(address).find((each) => each.id !== plan.id && !isDeclared(each)) ?? null;
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
  const reason = {
    path: entry.contract.identity,
    before: left.id,
    after: change.plan?.id ?? null,
    why: "it moves to another place",
  } satisfies Reason;
  const options = { ...ownerOptions(call, entry.address), signal: call.signal, goes: call.goes };
  const removal = await call.engine.prepare(entry.contract, null, { ...options, prior: { id: left.id } });
  const reasons = [concealReason(reason, entry.secrets), ...change.reasons];
  const moved = { ...change, action: "replace" as const, reasons, removes: left, left: removal.prior };
  return { change: moved, diagnostics: removal.plan.diagnostics };
}
