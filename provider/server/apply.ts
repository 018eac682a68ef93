import { ApplyError } from "@guestkit/core/engine";
import { asGuestkitError } from "@guestkit/core/kit";
import { type Contract, UNKNOWN } from "@guestkit/core/model";
import type { ApplyResourceChangeRequest, ApplyResourceChangeResponse, Diagnostic } from "../generated/protocol.ts";
import { configFromTerraform, fromTerraform, toTerraform } from "../schema/value.ts";
import { errorDiagnostic } from "./diagnostics.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";
import { identityOf } from "./identity.ts";
import {
  changed,
  engineFor,
  newPrivate,
  ownerAttribute,
  ownerIn,
  ownerOptions,
  readPrivate,
  writePrivate,
} from "./owner.ts";
import type { Session } from "./session.ts";

/**
 * Carries out what was planned. The plan is made again, now that every value is known: it is a pure function, so it is
 * the same one with its unknowns filled in. After a failure the state is what really exists.
 */
export async function applyResourceChange(
  session: Session,
  contract: Contract,
  request: ApplyResourceChangeRequest,
  signal: AbortSignal,
): Promise<ApplyResourceChangeResponse> {
  const prior = fromTerraform(contract, readDynamic(request.prior_state));
  const config = configFromTerraform(contract, readDynamic(request.config));
  const told = readPrivate(request.planned_private);
  const owner = told ?? newPrivate();
  const planned = ownerIn(readDynamic(request.planned_state));
  const attribute = planned === UNKNOWN ? ownerAttribute(owner) : planned;
  const kept = { private: writePrivate(owner) };
  try {
    const { engine } = await engineFor(session, prior?.id, told);
    const plan = await engine.plan(contract, prior, config);
    const state = await session.run(String(plan.id), signal, (options) =>
      engine.apply(contract, plan, config, {
        ...options,
        ...ownerOptions(request.type_name ?? "", owner, prior !== null),
      }),
    );
    const identity = state && { new_identity: identityOf(engine, contract, state) };
    const now = { private: writePrivate(plan.action === "none" ? owner : changed(owner)) };
    return { new_state: writeDynamic(toTerraform(contract, state, attribute)), ...identity, ...now };
  } catch (error) {
    const state = error instanceof ApplyError ? error.state : prior;
    const engine = state && (await session.engine().catch(() => null));
    return {
      new_state: writeDynamic(toTerraform(contract, state, attribute ?? ownerAttribute(owner))),
      ...(engine && { new_identity: identityOf(engine, contract, state) }),
      diagnostics: [withOrder(errorDiagnostic(contract, error), error, config === null)],
      ...kept,
    };
  }
}

/** What is still used when it is to go; said by what stands on it. */
const STILL_USED = /_(IN_USE|HAS_OVERLAYS|DEPENDANTS|USED)$/;

/** The engine removes a thing before it changes what used it, unless the thing's lifecycle says otherwise. */
function withOrder(found: Diagnostic, error: unknown, removes: boolean): Diagnostic {
  if (!removes || !STILL_USED.test(asGuestkitError(error).code)) return found;
  const way =
    "Where this apply takes it from what uses it: lifecycle { create_before_destroy = true } in the resource, applied before it is taken out, lets the others change first (docs/guide/changing.md).";
  return { ...found, detail: `${found.detail}\n${way}` };
}
