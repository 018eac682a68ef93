import type { Diagnostic } from "../engine/diagnostic.ts";
import { eachOf } from "../kit/shared-look.ts";
import { contractOf } from "../model/registry.ts";
import { LOOKED_AT } from "./graph.ts";
import { anotherOwner, goneToAnother, ownerOptions } from "./owner.ts";
import type { ProjectCall, ProjectChange } from "./plan.ts";
import { nameOfAddress } from "./reference.ts";
import { contractNameOf, type Owned } from "./state.ts";

export interface Removals {
  readonly changes: readonly ProjectChange[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The last made goes first, since it may stand on earlier ones. Whoever uses a thing is asked for at its turn. */
export async function planRemovals(things: readonly Owned[], call: ProjectCall): Promise<Removals> {
  const planned = await eachOf(things.toReversed(), LOOKED_AT, (thing) => planRemoval(thing, call));
  const changes = planned.map(({ change }) => change);
  const objections = await eachOf(changes, LOOKED_AT, (each) => objectionsTo(each, call));
  return { changes, diagnostics: [...planned.flatMap(({ told }) => told), ...objections.flat()] };
}

interface PlannedRemoval {
  readonly change: ProjectChange;
  readonly told: readonly Diagnostic[];
}

async function planRemoval(thing: Owned, call: ProjectCall): Promise<PlannedRemoval> {
  call.signal?.throwIfAborted();
  const { address } = thing;
  const owner = await anotherOwner(thing, call);
  if (owner) {
    const none = { action: "none", reasons: [], plan: null, prior: null, secrets: [], declared: null } as const;
    return { change: { address, ...none, removes: thing }, told: [goneToAnother(thing, owner)] };
  }
  const contract = contractOf(contractNameOf(address), "resource");
  const prior = await call.engine.observe(contract, { id: thing.id }, call);
  const plan = await call.engine.plan(contract, prior, null);
  const { action, reasons } = plan;
  const change = { address, action, reasons, plan, prior, removes: thing, secrets: [], declared: null };
  return { change, told: [] };
}

async function objectionsTo({ plan, removes }: ProjectChange, call: ProjectCall): Promise<readonly Diagnostic[]> {
  if (!plan || !removes || plan.action === "none") return [];
  const contract = contractOf(contractNameOf(removes.address), "resource");
  const options = { ...ownerOptions(call, removes.address), signal: call.signal };
  return (await call.engine.preflight(contract, plan, null, options)).map((each) => placed(removes, each));
}

/** At the thing's entry where the file has it, else at the nearest place above. */
function placed(thing: Owned, each: Diagnostic): Diagnostic {
  return { ...each, path: ["resources", ...nameOfAddress(thing.address).split("."), ...each.path] };
}
