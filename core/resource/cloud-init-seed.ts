import { createHash } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { PlanContext, ResourceImplementation } from "../engine/implementation.ts";
import type { Plan } from "../engine/plan.ts";
import { ownerOfNew, removeRecord, writeRecord } from "../engine/record.ts";
import { folderFault } from "../host/folder.ts";
import type { Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { isWhollyKnown, type ValueObject } from "../model/value.ts";
import { holdsSecret, lacksSecret, withoutSecrets } from "../seed/declaration.ts";
import { renderSeed, type SeedFiles, seedImage, writeSeed } from "../seed/index.ts";
import { readInstanceId } from "../seed/instance-id.ts";
import { markOf, observeSeed } from "./cloud-init/observe.ts";
import { validateCloudInit } from "./cloud-init/validate.ts";
import { type Memory, publishWithMemory, readMemory } from "./disk-image/memory.ts";

/** Binds the contract `cloud_init_seed` to `core/seed`. */
export const cloudInitSeed: ResourceImplementation = {
  validate: (input) => validateCloudInit(input),
  predict: (input) => (isWhollyKnown(withoutSecrets(input)) ? foresee(input) : {}),
  preflight,
  isPrivate: () => true,
  observe: observeSeed,
  create: async (input, { replacing }, { settings }) => {
    const path = String(input.path);
    if (!replacing && input.overwrite !== true) await demandNothing(path);
    await write(input, settings);
  },
  update: async (id, input, _changes, { settings }) => {
    if (input.overwrite !== true) await demandOurs(id, "update");
    await write(input, settings);
  },
  remove: async (id) => {
    await demandOurs(id, "delete");
    await rm(id, { force: true });
    await removeRecord(id);
  },
  adopt: async (id) => {
    if (await readMemory(id)) return;
    await writeRecord(id, { contract: "cloud_init_seed", origin: "imported", owner: null, declared: {}, details: {} });
  },
};

/** Outputs of a declaration without secrets. Where it has one, the id alone follows from the declaration. */
function foresee(input: ValueObject): ValueObject {
  const files = renderSeed(withoutSecrets(input));
  const { instance_id, size, sha256 } = describe(files, input);
  return holdsSecret(input)
    ? { effective_instance_id: instance_id }
    : { effective_instance_id: instance_id, size, sha256 };
}

/** What the record keeps of a seed: nothing of a secret. */
function describe(files: SeedFiles, input: ValueObject) {
  const image = seedImage(files);
  return {
    instance_id: readInstanceId(files["meta-data"]),
    size: image.length,
    sha256: holdsSecret(input) ? null : createHash("sha256").update(image).digest("hex"),
  };
}

async function write(input: ValueObject, settings: Settings): Promise<void> {
  const path = String(input.path);
  const owner = ownerOfNew(settings, await readMemory(path));
  const lacking = lacksSecret(input);
  if (lacking !== null) throw secretMissing(path, lacking);
  const files = renderSeed(input);
  const memory = (mark: string | null): Memory => ({
    contract: "cloud_init_seed",
    origin: "created",
    owner,
    declared: withoutSecrets(input),
    details: { ...describe(files, input), mark },
  });
  const wrote = await writeSeed(path, files, async (partial) => {
    await publishWithMemory(path, partial.path, memory(await markOf(partial.path)), () => partial.publish());
  });
  if (!wrote) await writeRecord(path, memory(await markOf(path)));
}

async function preflight(
  plan: Plan,
  input: ValueObject | null,
  { isHeld, isImported, goes }: PlanContext,
): Promise<readonly Diagnostic[]> {
  if (typeof plan.id !== "string" || plan.action === "none") return [];
  const missing = input && lacksSecret(input);
  if (missing) return [problemOf(secretMissing(plan.id, missing))];
  const fault = plan.action === "delete" ? null : await folderFault(dirname(plan.id), ["path"], goes);
  if (fault) return [problemOf(fault)];
  if (input?.overwrite === true || goes(plan.id) || !(await isThere(plan.id))) return [];
  if (!isImported && !(await readMemory(plan.id))) return [problemOf(foreignFile(plan.id, plan.action))];
  return plan.action === "create" && !isHeld ? [problemOf(seedExists(plan.id))] : [];
}

const problemOf = ({ code, at, message, help }: GuestkitError): Diagnostic =>
  problem(code, at?.field ?? [], message, help);

async function demandNothing(path: string): Promise<void> {
  if (!(await isThere(path))) return;
  if (!(await readMemory(path))) throw foreignFile(path, "create");
  throw seedExists(path);
}

async function demandOurs(path: string, deed: string): Promise<void> {
  if ((await isThere(path)) && !(await readMemory(path))) throw foreignFile(path, deed);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function seedExists(path: string): GuestkitError {
  return new GuestkitError("E_SEED_EXISTS", `Cannot create "${path}": the seed is there already`, {
    at: { file: path, field: ["path"] },
    help: "Set overwrite to true to have it replaced, or import it to have it kept and managed.",
  });
}

function foreignFile(path: string, deed: string): GuestkitError {
  return new GuestkitError("E_SEED_FOREIGN", `Cannot ${deed} "${path}": guestkit did not make this file`, {
    at: { file: path, field: ["path"] },
    help: "Set overwrite to true to have it replaced, or import it to have it kept and managed.",
  });
}

function secretMissing(path: string, field: string): GuestkitError {
  return new GuestkitError("E_SEED_SECRET", `Cannot write "${path}": ${field} has a version and no value`, {
    at: { file: path, field: [field] },
    help: `Give ${field} as well: it is stored nowhere and cannot be read back.`,
  });
}
