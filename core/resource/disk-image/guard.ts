import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { findDependants } from "../../build/dependants.ts";
import { demandUnused } from "../../build/use.ts";
import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { Goes, PlanContext } from "../../engine/implementation.ts";
import type { Plan } from "../../engine/plan.ts";
import { folderFault } from "../../host/folder.ts";
import type { Settings } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { machinesOver } from "../../lifecycle/template/leaning.ts";
import { isHeldByGoing, namedHolder } from "../../machine/holder.ts";
import { isList, isWhollyKnown, type ValueObject } from "../../model/value.ts";
import { checkFaults, isUnaccepted, MADE_LATER, NEVER_ACCEPTED } from "./checks.ts";
import { filesFault, madeFilesFault } from "./files-fault.ts";
import { grownInPlace } from "./growth.ts";
import { bootstrapAsTold, type CanonicalInput } from "./input.ts";
import { readMemory } from "./memory.ts";
import { originFaults } from "./origin-faults.ts";
import { redoRefusal } from "./pending.ts";

export type Deed = "update" | "replace" | "delete";

/** What an image is judged in. */
type Around = Pick<PlanContext, "settings" | "goes" | "isImported">;

/** What forbids a deed on the image at `id`; null where nothing does. */
async function objection(
  id: string,
  deed: Deed,
  input: CanonicalInput | null,
  { settings, goes, isImported }: Around,
): Promise<GuestkitError | null> {
  return (await ownObjection(id, deed, input, isImported)) ?? (await othersObjection(id, deed, settings, goes));
}

/** What the image itself forbids: it is not ours, or it is protected. */
async function ownObjection(
  id: string,
  deed: Deed,
  input: CanonicalInput | null,
  isImported: boolean,
): Promise<GuestkitError | null> {
  if (!(await stat(id).catch(() => null))) return null;
  const memory = await readMemory(id);
  if (!memory && !isImported && !(input?.overwrite && deed !== "delete")) return foreign(id, deed);
  const kept = input ? input.delete_protection : memory?.declared.delete_protection === true;
  return kept && deed !== "update" ? protectedImage(id, deed) : null;
}

/** What others do with it, and may do no more when it is the image's turn. */
async function othersObjection(id: string, deed: Deed, settings: Settings, goes: Goes): Promise<GuestkitError | null> {
  if (!(await stat(id).catch(() => null))) return null;
  const machines = (await machinesOver([id], settings)).filter((name) => !goes(name, "virtual_machine"));
  // They may go, or stand still, before it is the image's turn: that is said before what they have open.
  if (machines.length > 0) return underMachines(id, deed, machines);
  try {
    await demandUnused(id);
  } catch (error) {
    if (!(await isHeldByGoing(id, goes, settings))) return asGuestkitError(await namedHolder(error, null, settings));
  }
  return await leanedOn(id, deed, goes);
}

/** Throws what `objection` has to say. */
export async function demandFree(
  id: string,
  deed: Deed,
  input: CanonicalInput | null,
  settings: Settings,
): Promise<void> {
  const against = await objection(id, deed, input, { settings, goes: () => false, isImported: false });
  if (against) throw against;
}

/** Overlays that lean on the image: known by its record, or lying beside it. */
export async function dependantsOf(id: string): Promise<readonly string[]> {
  const known = (await readMemory(id))?.details.dependants ?? null;
  return findDependants(id, isList(known) ? known.map(String) : []);
}

async function leanedOn(id: string, deed: Deed, goes: Goes): Promise<GuestkitError | null> {
  const overlays = (await dependantsOf(id)).filter((each) => !goes(each));
  if (overlays.length === 0) return null;
  const names = overlays.map((each) => `"${each}"`).join(", ");
  return new GuestkitError("E_IMAGE_DEPENDANTS", `Cannot ${deed} "${id}": it is the backing file of ${names}`, {
    at: { file: id },
    help: `Remove the overlays first, or make them stand alone: qemu-img rebase -b "" OVERLAY`,
  });
}

const UNDER_MACHINES = "E_IMAGE_HAS_OVERLAYS";

function underMachines(id: string, deed: Deed, names: readonly string[]): GuestkitError {
  const listed = names.map((each) => `"${each}"`).join(", ");
  const message = `Cannot ${deed} "${id}": machines have copies of it that lean on it: ${listed}`;
  return new GuestkitError(UNDER_MACHINES, message, {
    at: { file: id },
    help: `Stop those that run (guestkit vm stop NAME); copies that are kept must go first: set recreate_overlay to "always" and apply that while the machine stands still, or guestkit vm recycle NAME with it; or guestkit vm destroy NAME.`,
  });
}

export function foreign(id: string, deed: Deed | "create"): GuestkitError {
  return new GuestkitError("E_IMAGE_FOREIGN", `Cannot ${deed} "${id}": guestkit did not make this file`, {
    at: { file: id, field: ["path"] },
    help: "Set overwrite to true to have it replaced, or import it to have it kept and managed.",
  });
}

function protectedImage(id: string, deed: Deed): GuestkitError {
  return new GuestkitError("E_IMAGE_PROTECTED", `Cannot ${deed} "${id}": it has delete_protection`, {
    at: { file: id, field: ["delete_protection"] },
    help: "Set delete_protection to false and apply that first.",
  });
}

/** What the world has to say against a plan that changes something. */
export async function preflight(
  plan: Plan,
  input: CanonicalInput | null,
  context: PlanContext,
): Promise<readonly Diagnostic[]> {
  const { id, action } = plan;
  if (typeof id !== "string") return [];
  const against = await opposes(id, plan, input, context);
  const made = action === "create" || action === "replace" ? input : null;
  const origin = made ? await madeFaults(made, context) : [];
  const changed = input && action === "update" && !against ? await changeFaults(id, plan, input, context) : [];
  return [...(against ? [toDiagnostic(against)] : []), ...origin, ...changed];
}

/** What a new image is to be made of, and what of it cannot be. */
async function madeFaults(made: CanonicalInput, context: PlanContext): Promise<readonly Diagnostic[]> {
  const blank = made.layout === null ? madeFilesFault(made as unknown as ValueObject) : [];
  return [...blank, ...(await originFaults(made, context)), ...(await inMirror(made, context))];
}

/** What an update cannot do, or does not. */
async function changeFaults(
  id: string,
  plan: Plan,
  input: CanonicalInput,
  context: PlanContext,
): Promise<readonly Diagnostic[]> {
  const isWritten = plan.reasons.some(({ path }) => String(path[0]).startsWith("files"));
  const image = { path: id, format: input.format };
  const faults = isWritten ? await filesFault(input, image) : [];
  const later = isUnaccepted(await readMemory(id)) ? NEVER_ACCEPTED : null;
  return [
    ...faults,
    ...(await grownInPlace(id, plan, input)),
    ...(await checkFaults(input, image, isWritten ? MADE_LATER : later, context)),
  ];
}

async function opposes(
  id: string,
  plan: Plan,
  input: CanonicalInput | null,
  context: PlanContext,
): Promise<GuestkitError | null> {
  if (plan.action === "none") return null;
  if (plan.action === "create") return inTheWay(id, input, context);
  const redo = plan.action === "update" ? await redoRefusal(id) : null;
  if (redo) return redo;
  // Whoever uses it may be gone by its turn: the apply asks.
  if (plan.action === "delete") return ownObjection(id, "delete", input, context.isImported);
  if (plan.action !== "update" || writes(plan)) return objection(id, plan.action, input, context);
  return input?.overwrite || context.isImported || (await readMemory(id)) ? null : foreign(id, "update");
}

/** Whether an update writes to the image; what only the record holds may change at any time. */
function writes(plan: Plan): boolean {
  return plan.reasons.some(({ path }) => /^(size|files)/.test(String(path[0])));
}

/** A file at the place of a new image. One that is replaced, which may be planned as a create, is `held`. */
async function inTheWay(id: string, input: CanonicalInput | null, context: PlanContext): Promise<GuestkitError | null> {
  const { isHeld, isImported, goes } = context;
  const found = await stat(id).catch(() => null);
  if (found?.isDirectory()) return directoryThere(id);
  if (!found) return await folderFault(dirname(id), ["path"], goes);
  if (goes(id)) return null;
  if (input?.overwrite) return isHeld ? null : await objection(id, "replace", input, context);
  if (!isImported && !(await readMemory(id))) return foreign(id, "create");
  return isHeld ? null : imageExists(id);
}

function directoryThere(id: string): GuestkitError {
  return new GuestkitError("E_FILE_KIND", `Cannot create "${id}": there is a directory of that name`, {
    at: { file: id, field: ["path"] },
    help: `Name a file in it, or another one, such as "${id}/disk.qcow2".`,
  });
}

export function imageExists(id: string): GuestkitError {
  return new GuestkitError("E_IMAGE_EXISTS", `Cannot create "${id}": the image is there already`, {
    at: { file: id, field: ["path"] },
    help: "Set overwrite to true to have it replaced, or import it to have it kept and managed.",
  });
}

/** The setting is read where a bootstrap is planned, and its mirror asked for the release. */
async function inMirror({ bootstrap }: CanonicalInput, context: PlanContext): Promise<Diagnostic[]> {
  if (!bootstrap || !isWhollyKnown(bootstrap)) return [];
  const { mirrorWithout } = await import("../../build/bootstrap/release-check.ts");
  const input = bootstrapAsTold(bootstrap);
  try {
    const mirror = await mirrorWithout(input, context);
    if (mirror === null) return [];
    const message = `"${mirror}" has no release "${input.release}"`;
    return [warning("W_BOOTSTRAP_RELEASE", ["bootstrap", "release"], message, RELEASE)];
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [toDiagnostic(error)];
  }
}

const RELEASE = "Correct the name (bookworm, trixie, sid), or name a mirror that has it: bootstrap.mirror.";

/** Machines may be stopped, or destroyed, before it is the image's turn. */
function toDiagnostic({ code, at, message, help }: GuestkitError): Diagnostic {
  return (code === UNDER_MACHINES ? warning : problem)(code, at?.field ?? [], message, help);
}
