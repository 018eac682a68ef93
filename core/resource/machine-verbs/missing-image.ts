import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { backingChain } from "../../build/dependants.ts";
import { demand } from "../../engine/apply-error.ts";
import { readRecord, recordPath } from "../../engine/record.ts";
import { isThere } from "../../host/is-there.ts";
import { distrust } from "../../host/trust.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { machinesOver } from "../../lifecycle/template/leaning.ts";
import { effectiveMachine, isRecreated } from "../../machine/disks/effective.ts";
import { contentFile } from "../../machine/disks/own-disk.ts";
import { contractOf } from "../../model/index.ts";
import type { ValueObject } from "../../model/value.ts";
import type { Project } from "../../project/index.ts";
import type { DiskFormat } from "../../qemu/block/node.ts";
import type { Known } from "./known.ts";

const PROJECT = "guestkit.yaml";

export interface RestoreOptions {
  /** The project file; the one of the working directory where left out. */
  readonly file?: unknown;
  /** The machine's own copies of disks are thrown away first. */
  readonly anew?: boolean;
}

/**
 * Makes the images of a machine's disks that are gone, as the records beside them or the project file declare them.
 * Throws `E_IMAGE_MISSING`, `E_IMAGE_SECRETS`, and what making them throws.
 */
export async function restoreImages(
  { folder, memory }: Known,
  context: Context,
  { file, anew = false }: RestoreOptions = {},
): Promise<void> {
  const { name, disks } = await effectiveMachine(memory.machine, context.settings);
  // What it throws away at its start leans on nothing.
  const but = anew || isRecreated(memory.machine) ? name : null;
  for (const [key, disk] of Object.entries(disks)) {
    const content = anew ? disk.image : await contentFile(key, disk, folder);
    const format = content === disk.image ? disk.format : "qcow2";
    for (let gone = await missingOf(content, format); gone !== null; gone = await missingOf(content, format)) {
      const keepers = await machinesOver([gone], context.settings, { keptAlone: true, except: but });
      const field = ["disks", key, "image"];
      if (keepers.length > 0) throw leanedOn(gone, name, keepers, field);
      await restore(gone, name, field, file, context);
    }
  }
}

/** The first file that is not there, of an image and all that it leans on; null where nothing is missing. */
async function missingOf(path: string, format: DiskFormat | null): Promise<string | null> {
  if (!(await isThere(path))) return path;
  for (const parent of await backingChain(path, format))
    if (isAbsolute(parent) && !(await isThere(parent))) return parent;
  return null;
}

async function restore(
  path: string,
  machine: string,
  field: readonly string[],
  file: unknown,
  context: Context,
): Promise<void> {
  try {
    if ((await byRecord(path, context)) || (await byProject(path, file, context))) return;
  } catch (error) {
    // Another command was faster: it needs the same image.
    if (await isThere(path)) return;
    throw error;
  }
  throw new GuestkitError("E_IMAGE_MISSING", `Cannot start "${machine}": its image "${path}" is gone`, {
    at: { file: path, field },
    help: `Nothing declares it: put the file back, or declare a disk_image with that path and run: guestkit vm up ${machine} --file FILE`,
  });
}

/** From what guestkit keeps beside an image; false where that is not there, or tells nothing of the content. */
async function byRecord(path: string, context: Context): Promise<boolean> {
  const record = await readRecord(path);
  if (record?.contract !== "disk_image" || record.origin !== "created" || !(await isOwn(recordPath(path))))
    return false;
  if (record.details.secrets === true) throw needsSecrets(path);
  // A record from before that was told: what it does not say may have been a secret.
  if (record.details.secrets !== false) return false;
  context.progress({ phase: "making a missing image", detail: path });
  const { createEngine } = await import("../index.ts");
  // In nobody's name: what is made again stays whose it was.
  const { owner: _, ...settings } = context.settings;
  const engine = createEngine({ settings, baseDir: "/" });
  const contract = contractOf("disk_image", "resource");
  const { plan } = await engine.prepare(contract, record.declared, context);
  demand(plan.diagnostics);
  await engine.apply(contract, plan, record.declared, context);
  return true;
}

/** A declaration that another user laid there could read this one's files into an image. */
async function isOwn(path: string): Promise<boolean> {
  return distrust(await stat(path)) === null;
}

async function byProject(path: string, file: unknown, context: Context): Promise<boolean> {
  const project = await projectOf(file);
  if (!project) return false;
  const { findEntry } = await import("../../project/index.ts");
  const same = (config: ValueObject) =>
    typeof config.path === "string" && resolve(project.baseDir, config.path) === path;
  const entry = findEntry(project, "disk_image", same);
  if (!entry) return false;
  context.progress({ phase: "making a missing image", detail: path });
  await applyAddress(project, entry.address, context);
  return true;
}

/**
 * Makes a machine that is none yet, with what it needs, as the project file declares it; nothing else of the file is
 * touched. False where it declares none of that name.
 */
export async function makeDeclared(name: string, file: unknown, context: Context): Promise<boolean> {
  const project = await projectOf(file);
  if (!project) return false;
  const { findEntry } = await import("../../project/index.ts");
  const entry = findEntry(project, "virtual_machine", (config) => config.name === name);
  if (!entry) return false;
  await applyAddress(project, entry.address, context);
  return true;
}

/** One that is named must be there. */
async function projectOf(file: unknown): Promise<Project | null> {
  const path = resolve(typeof file === "string" ? file : PROJECT);
  if (typeof file !== "string" && !(await isThere(path))) return null;
  const { loadProject } = await import("../../project/index.ts");
  return await loadProject(path);
}

async function applyAddress(project: Project, address: string, context: Context): Promise<void> {
  const { applyPart, lockProject, OwnedThings } = await import("../../project/index.ts");
  const { createEngine } = await import("../index.ts");
  const { file } = project.document;
  const call = {
    engine: createEngine({ settings: context.settings, baseDir: project.baseDir }),
    owned: await OwnedThings.load(project),
    signal: context.signal,
  };
  await using _lock = await lockProject(file, call);
  await applyPart(project, address, { ...call, progressFor: () => context.progress });
}

/** Another image of the same declaration is not the same, block by block. */
function leanedOn(path: string, machine: string, names: readonly string[], field: readonly string[]): GuestkitError {
  const listed = names.map((each) => `"${each}"`).join(", ");
  const why = `its image "${path}" is gone, and copies of disks that machines keep lean on that very file: ${listed}`;
  return new GuestkitError("E_IMAGE_MISSING", `Cannot start "${machine}": ${why}`, {
    at: { file: path, field },
    help: `Put the file back; or give up what the machines have written: guestkit vm destroy ${names[0]}`,
  });
}

function needsSecrets(path: string): GuestkitError {
  return new GuestkitError("E_IMAGE_SECRETS", `Cannot make "${path}" again: its declaration has secrets`, {
    at: { file: path },
    help: "They are kept nowhere: apply the declaration that it was made by (guestkit apply, terraform apply).",
  });
}
