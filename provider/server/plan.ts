import type { CallOptions, EngineFace, Plan } from "@guestkit/core/engine";
import { type Contract, isList, isObject, UNKNOWN, type ValueObject } from "@guestkit/core/model";
import {
  type AttributePath,
  type Diagnostic,
  DiagnosticSeverity,
  type PlanResourceChangeRequest,
  type PlanResourceChangeResponse,
} from "../generated/protocol.ts";
import { attributePath } from "../schema/path.ts";
import { configFromTerraform, fromTerraform, toTerraform } from "../schema/value.ts";
import { hasErrors, toDiagnostics } from "./diagnostics.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";
import { plannedIdentity } from "./identity.ts";
import { engineFor, newPrivate, ownerIn, ownerOptions, readPrivate, writePrivate } from "./owner.ts";
import type { Session } from "./session.ts";

/** Shows the engine's plan as Terraform's: the state after it, what forces a replacement, and what speaks against it. */
export async function planResourceChange(
  session: Session,
  contract: Contract,
  request: PlanResourceChangeRequest,
  signal: AbortSignal,
): Promise<PlanResourceChangeResponse> {
  const before = readDynamic(request.prior_state);
  const prior = fromTerraform(contract, before);
  const config = configFromTerraform(contract, readDynamic(request.config));
  const { engine, kept: known } = await engineFor(session, prior?.id, readPrivate(request.prior_private));
  const plan = await engine.plan(contract, prior, config);
  const diagnostics = [...explainDrift(plan, prior), ...toDiagnostics(contract, plan.diagnostics)];
  // A replacement is planned once more as a create, with the private data of what is replaced; that of a tainted thing
  // without any, and yet its destroy is handed what this one plans: the state itself says whose it is.
  const kept = known ?? (prior === null ? session.heldBy(contract.name, String(plan.id)) : null);
  const owner = { ...(kept ?? newPrivate()), machine: engine.machine };
  const isHeld = session.isHeld(contract.name, String(plan.id));
  const call = isHeld && !kept ? {} : ownerOptions(request.type_name ?? "", owner, prior !== null || kept !== null);
  if (!hasErrors(diagnostics)) {
    diagnostics.push(...(await lookAhead(session, contract, plan, { engine, prior, config, call, signal })));
  }
  return {
    planned_state: writeDynamic(toTerraform(contract, plan.planned, prior === null ? UNKNOWN : ownerIn(before))),
    requires_replace: replacing(contract, plan),
    diagnostics,
    planned_private: writePrivate(owner),
    ...(plan.planned && plannedIdentity(engine, contract, plan.planned)),
  };
}

interface Wanted {
  readonly engine: EngineFace;
  readonly prior: ValueObject | null;
  readonly config: ValueObject | null;
  readonly call: CallOptions;
  readonly signal: AbortSignal;
}

/** What the world has to say, also against the destroy of what a thing under another name replaces. */
async function lookAhead(
  session: Session,
  contract: Contract,
  plan: Plan,
  { engine, prior, config, call, signal }: Wanted,
): Promise<Diagnostic[]> {
  const moves = plan.action === "replace" && prior?.id !== plan.id;
  const leaving = moves ? await engine.plan(contract, prior, null) : null;
  const isHeld = session.isHeld(contract.name, String(plan.id));
  return await session.run(String(plan.id), signal, async (watched) => {
    const options = { ...watched, ...call, isHeld };
    return toDiagnostics(contract, [
      ...(await engine.preflight(contract, plan, config, options)),
      ...(leaving ? await engine.preflight(contract, leaving, null, options) : []),
    ]);
  });
}

/** Attribute paths, each once. */
function replacing(contract: Contract, plan: Plan): AttributePath[] {
  const paths = plan.replaces.map((path) => attributePath(contract, path)).filter((path) => path !== undefined);
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** Terraform shows that a value changes, never why: where the world moved by itself, a warning says it. */
function explainDrift(plan: Plan, prior: ValueObject | null): Diagnostic[] {
  const drift = prior?.drift;
  const causes = isList(drift ?? null) ? (drift as readonly ValueObject[]).filter(isObject) : [];
  if ((plan.action !== "update" && plan.action !== "replace") || causes.length === 0) return [];
  const verdict = plan.action === "replace" ? "It will be replaced." : "It will be mended in place.";
  return [
    {
      severity: DiagnosticSeverity.WARNING,
      summary: `${String(prior?.id)} is not as it was declared`,
      detail: [...causes.map(({ path, why }) => `${String(path)}: ${String(why)}`), "", verdict].join("\n"),
    },
  ];
}
