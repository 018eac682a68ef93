import { chmod, rm, stat } from "node:fs/promises";
import { createBlank, createPartitioned } from "../../build/blank.ts";
import { bootstrapDebian } from "../../build/bootstrap/index.ts";
import { fixFormats, imageOfChain } from "../../build/chain.ts";
import { writeFiles } from "../../build/files.ts";
import { readImageHead } from "../../build/header.ts";
import { BACKING, baseChain, createOverlay } from "../../build/overlay.ts";
import { settleRedo } from "../../build/redo.ts";
import { createFromSource } from "../../build/source.ts";
import { demandNamed } from "../../build/strangers.ts";
import { requiredSize } from "../../build/table.ts";
import { ownerOfNew, readRecord, writeRecord } from "../../engine/record.ts";
import { lockFile, stageBeside } from "../../host/file-lock.ts";
import { partialBeside } from "../../host/partial.ts";
import type { Context } from "../../kit/context.ts";
import { namedHolder } from "../../machine/holder.ts";
import { isList, type ValueObject } from "../../model/value.ts";
import { convert } from "../../qemu/block/img.ts";
import { type ImageFile, imageNode } from "../../qemu/block/node.ts";
import { settleChecks } from "./checks.ts";
import { rememberFiles } from "./content.ts";
import { demandFree, foreign, imageExists } from "./guard.ts";
import { asCanonical, bootstrapOf, type CanonicalInput, sourceOf, wantedFile } from "./input.ts";
import { hasSecrets, publishWithMemory, readMemory, recordable } from "./memory.ts";
import { modeOf } from "./mode.ts";
import { spentRedo } from "./pending.ts";

/** Makes the image beside its place, puts the files in, and gives it its name. */
export async function create(
  declared: ValueObject,
  options: { readonly replacing: boolean },
  context: Context,
): Promise<void> {
  const input = asCanonical(declared);
  await demandPlace(input, options.replacing, context);
  const redo = await spentRedo(input.path, context, true);
  await using partial = await stageBeside(input.path);
  const fresh = { path: partial.path, format: input.format };
  const { image, details } = await makeContent(input, fresh, context).catch(async (error: unknown) => {
    throw await namedHolder(error, null, context.settings);
  });
  await putFiles(input, image, context);
  context.signal.throwIfAborted();
  if (input.backing_file !== null) await registerOverlay(input.backing_file, input.path, context);
  const memory = {
    contract: "disk_image",
    origin: "created" as const,
    owner: ownerOfNew(context.settings, await readMemory(input.path)),
    declared: recordable(declared),
    details: {
      ...{ ...details, files: await rememberFiles(input, image, context), secrets: hasSecrets(declared) },
      ...(input.checks && { accepted: false }),
    },
  };
  // Until now it was this user's alone.
  await chmod(partial.path, modeOf(declared));
  await publishWithMemory(input.path, partial.path, memory, () => partial.publish());
  if (redo !== null) await rm(redo, { force: true });
  await settleChecks(input.path, declared, context);
}

async function demandPlace(input: CanonicalInput, replacing: boolean, { settings }: Context): Promise<void> {
  if (!(await stat(input.path).catch(() => null))) return;
  if (!replacing && !input.overwrite) {
    if (!(await readMemory(input.path))) throw foreign(input.path, "create");
    throw imageExists(input.path);
  }
  await demandFree(input.path, "replace", input, settings);
}

interface Made {
  readonly image: ImageFile;
  /** What the record is to remember beside the declaration. */
  readonly details: ValueObject;
}

async function makeContent(input: CanonicalInput, image: ImageFile, context: Context): Promise<Made> {
  const { path, source, backing_file, bootstrap, layout, size } = input;
  if (source) {
    const { notes, digests } = await createFromSource(path, image, sourceOf(source), size, context);
    return { image, details: { notes: [...notes], source_digests: { ...digests } } };
  }
  if (backing_file !== null) return await overlayOver(backing_file, input, image, context);
  if (bootstrap) return { image, details: await bootstrapImage(input, bootstrap, image, context) };
  if (!layout) await createBlank(image, size ?? 0, context);
  else await createPartitioned(path, image, size ?? sizeOf(layout), layout, context);
  return { image, details: {} };
}

/** What the base leans on outside its folder is approved here, and kept as `names`: the image's record vouches for it. */
async function overlayOver(base: string, input: CanonicalInput, { path }: ImageFile, context: Context): Promise<Made> {
  const { dataDir } = context.settings;
  await settleRedo(base, context);
  const chain = await baseChain(base, input.backing_format);
  const names = await demandNamed(chain, { ...BACKING, allowed: input.allow_backing_files }, dataDir);
  await fixFormats(chain, dataDir);
  const { image, notes } = await createOverlay(input.path, path, imageOfChain(chain), input.size, context);
  return { image, details: { notes: [...notes], names: [...names] } };
}

function sizeOf(layout: NonNullable<CanonicalInput["layout"]>): number {
  return requiredSize(
    layout.scheme,
    layout.partitions.map((each) => ({ ...each, size: each.size ?? undefined })),
  );
}

async function bootstrapImage(
  input: CanonicalInput,
  bootstrap: ValueObject,
  image: ImageFile,
  context: Context,
): Promise<ValueObject> {
  await using raw = partialBeside(input.path, "bootstrap");
  const disk = input.format === "raw" ? image.path : raw.path;
  const result = await bootstrapDebian(
    await bootstrapOf(bootstrap, context),
    { path: disk, size: input.size },
    context,
  );
  if (input.format !== "raw")
    await convert({ node: imageNode({ path: disk, format: "raw" }), files: [] }, image, context, {
      phase: "converting",
    });
  await rm(raw.path, { force: true });
  return { packages: result.packages as unknown as ValueObject[], boot: result.boot as unknown as ValueObject | null };
}

async function putFiles(input: CanonicalInput, image: ImageFile, context: Context): Promise<void> {
  const wanted = (await Promise.all(input.files.map((file, index) => wantedFile(file, index, context)))).filter(
    (each) => each !== null,
  );
  if (wanted.length === 0) return;
  const { size } = await readImageHead(image.path, { format: image.format });
  await writeFiles(input.path, image, wanted, { oldSize: size, size, unpublished: true }, context);
}

/** A base that guestkit keeps remembers its overlays, wherever they lie. */
async function registerOverlay(base: string, overlay: string, context: Context): Promise<void> {
  await changeDependants(base, context, (known) => [...new Set([...known, overlay])]);
}

export async function unregisterOverlay(base: string, overlay: string, context: Context): Promise<void> {
  await changeDependants(base, context, (known) => known.filter((each) => each !== overlay));
}

async function changeDependants(
  base: string,
  context: Context,
  change: (known: readonly string[]) => readonly string[],
): Promise<void> {
  if (!(await readRecord(base).catch(() => null))) return;
  await using _lock = await lockFile(base, context);
  const record = await readRecord(base);
  if (!record) return;
  const known = isList(record.details.dependants ?? null) ? (record.details.dependants as readonly string[]) : [];
  const dependants = change(known);
  if (dependants.length === known.length) return;
  await writeRecord(base, { ...record, details: { ...record.details, dependants } });
}
