import type { Plan, PlanAction } from "../engine/plan.ts";
import { isList, isObject, UNKNOWN, type Value } from "../model/value.ts";
import { decode } from "./codec.ts";
import { CODES, ProtocolError } from "./protocol.ts";

const ACTIONS: readonly PlanAction[] = ["none", "create", "update", "replace", "delete"];

/** A plan that the client made, as its parameters have it. Throws `E_RPC_PARAMS` for what is none. */
export function planIn(params: Readonly<Record<string, Value>>): Plan {
  const plan = decode(params.plan ?? null);
  if (isObject(plan) && isPlan(plan)) return plan as unknown as Plan;
  throw new ProtocolError(CODES.params, "E_RPC_PARAMS", `Cannot go on: "plan" must be one that guestkit made`);
}

function isPlan(plan: Readonly<Record<string, Value>>): boolean {
  const { id, action, planned, changes, reasons, replaces, diagnostics } = plan;
  return (
    (typeof id === "string" || id === UNKNOWN) &&
    ACTIONS.some((each) => each === action) &&
    (planned === null || isObject(planned ?? null)) &&
    isListOf(changes, (each) => isObject(each) && isPath(each.path)) &&
    isListOf(reasons, isObject) &&
    isListOf(replaces, isPath) &&
    isListOf(diagnostics, isObject)
  );
}

function isListOf(value: Value | undefined, fits: (each: Value) => boolean): boolean {
  return value !== undefined && isList(value) && value.every(fits);
}

const isPath = (value: Value | undefined): boolean =>
  isListOf(value, (step) => typeof step === "string" || typeof step === "number");
