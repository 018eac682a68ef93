import type { Diagnostic } from "../engine/diagnostic.ts";
import { asGuestkitError, type GuestkitError } from "../kit/errors.ts";
import { eachOf } from "../kit/shared-look.ts";
import { contractOf } from "../model/registry.ts";
import { LOOKED_AT } from "./graph.ts";
import { anotherOwner, goneToAnother, ownerOptions } from "./owner.ts";
import type { Failures, ProjectCall, ProjectChange } from "./plan.ts";
import { nameOfAddress } from "./reference.ts";
import { engineAt, hostOf, isHostFault } from "./site.ts";
import { contractNameOf, type Owned } from "./state.ts";

export interface Removals {
  readonly changes: readonly ProjectChange[];
  readonly diagnostics: readonly Diagnostic[];
  /** What cannot be looked at, since its host fails: it stays, and stays listed. */
  readonly failures: Failures;
}

/** The last made goes first, since it may stand on earlier ones. Whoever uses a thing is asked for at its turn. */
export async function planRemovals(things: readonly Owned[], call: ProjectCall): Promise<Removals> {
  const failures = new Map<string, GuestkitError>();
  const each = <T, U>(all: readonly T[], thingOf: (one: T) => Owned, look: (one: T) => Promise<U>) =>
    eachOf(all, LOOKED_AT, (one) =>
      look(one).catch((error) => {
        if (!isHostFault(error)) throw error;
        failures.set(labelOf(thingOf(one)), asGuestkitError(error));
        return null;
      }),
    );
  const planned = await each(
    things.toReversed(),
    (thing) => thing,
    (thing) => planRemoval(thing, call),
  );
  const known = planned.filter((one) => one !== null);
  const objections = await each(
    known,
    ({ thing }) => thing,
    (one) => objectionsTo(one, call),
  );
  const changes = known.filter((_, at) => objections[at] !== null).map(({ change }) => change);
  return {
    changes,
    diagnostics: [...known.flatMap(({ told }) => told), ...objections.flatMap((one) => one ?? [])],
    failures,
  };
}

/** A thing that the file has under no address of its own. */
export const labelOf = ({ address, host }: Owned): string => (host === undefined ? address : `${address} on ${host}`);

interface PlannedRemoval {
  readonly thing: Owned;
  readonly change: ProjectChange;
  readonly told: readonly Diagnostic[];
}

async function planRemoval(thing: Owned, call: ProjectCall): Promise<PlannedRemoval> {
  call.signal?.throwIfAborted();
  const { address } = thing;
  const owner = await anotherOwner(thing, call);
  if (owner) {
    const none = { action: "none", reasons: [], plan: null, prior: null, secrets: [], declared: null } as const;
    return {
      change: { address, host: hostOf(thing), ...none, removes: thing },
      thing,
      told: [goneToAnother(thing, owner)],
    };
  }
  const contract = contractOf(contractNameOf(address), "resource");
  const engine = await engineAt(thing, call);
  const prior = await engine.observe(contract, { id: thing.id }, { signal: call.signal });
  const plan = await engine.plan(contract, prior, null);
  const { action, reasons } = plan;
  const nothing = { secrets: [], declared: null };
  const change = { address, host: hostOf(thing), action, reasons, plan, prior, removes: thing, ...nothing };
  return { change, thing, told: [] };
}

async function objectionsTo(
  { thing, change: { plan } }: PlannedRemoval,
  call: ProjectCall,
): Promise<readonly Diagnostic[]> {
  if (!plan || plan.action === "none") return [];
  const contract = contractOf(contractNameOf(thing.address), "resource");
  const options = { ...ownerOptions(call, thing), signal: call.signal };
  const told = await (await engineAt(thing, call)).preflight(contract, plan, null, options);
  return told.map((each) => placed(thing, each));
}

/** At the thing's entry where the file has it, else at the nearest place above. */
function placed(thing: Owned, each: Diagnostic): Diagnostic {
  return { ...each, path: ["resources", ...nameOfAddress(thing.address).split("."), ...each.path] };
}
