import { rm } from "node:fs/promises";
import { backingChain } from "../../build/dependants.ts";
import { editImage } from "../../build/edit.ts";
import { differenceOf, fileEdit } from "../../build/files.ts";
import { growth } from "../../build/grow.ts";
import { openGuestDisk, openGuestTree } from "../../build/guest-disk.ts";
import { readImageHead } from "../../build/header.ts";
import { finishRedo } from "../../build/redo.ts";
import type { WantedFile } from "../../build/wanted-file.ts";
import type { Change } from "../../engine/diff.ts";
import { removeRecord, writeRecord } from "../../engine/record.ts";
import type { Context } from "../../kit/context.ts";
import { isList, isObject, type ValueObject } from "../../model/value.ts";
import type { ImageFile } from "../../qemu/block/node.ts";
import { withoutRedo } from "../../redo/announcement.ts";
import { create, unregisterOverlay } from "./build.ts";
import { settleChecks } from "./checks.ts";
import { fileState, rememberedFiles, rememberFiles } from "./content.ts";
import { demandFree } from "./guard.ts";
import { asCanonical, type CanonicalInput, type DeclaredFile, imageOf, isSecret, wantedFile } from "./input.ts";
import { hasSecrets, inodeOf, type Memory, readMemory, recordable } from "./memory.ts";
import { settleMode } from "./mode.ts";
import { spentRedo } from "./pending.ts";

/** Grows the image and mends the files in it, all or nothing. */
export async function update(
  id: string,
  declared: ValueObject,
  _changes: readonly Change[],
  context: Context,
): Promise<void> {
  const input = asCanonical(declared);
  const memory = await readMemory(id);
  if (!memory) return create(declared, { replacing: false }, context);
  const image = await imageOf(input);
  await finishRedo(id, context);
  await settleMode(id, declared, memory);
  const notes = await change(input, image, memory, context);
  for (const note of notes) context.progress({ phase: "note", detail: note });
  const told = {
    files: await rememberFiles(input, image, context),
    secrets: hasSecrets(declared),
    file: await inodeOf(id),
  };
  const details = { ...withoutRedo(memory.details), ...told, checks: null, ...(notes.length > 0 && { notes }) };
  await writeRecord(id, { ...memory, declared: recordable(declared), details });
  await settleChecks(id, declared, context);
}

async function change(
  input: CanonicalInput,
  image: ImageFile,
  memory: Memory,
  context: Context,
): Promise<readonly string[]> {
  const oldSize = await sizeOf(image);
  const grows = input.size !== null && input.size > oldSize;
  const files = await filesToWrite(input, image, memory, context);
  if (!grows && files.length === 0) return [];
  await demandFree(input.path, "update", input, context.settings);
  const { path } = input;
  const options = { oldSize, size: grows ? (input.size ?? oldSize) : oldSize };
  const edits = [
    ...(grows ? [growth(path, image, options, context)] : []),
    ...(files.length > 0 ? [fileEdit(path, image, files, context)] : []),
  ];
  return await editImage(path, image, options, context, edits);
}

async function sizeOf({ path, format }: ImageFile): Promise<number> {
  return (await readImageHead(path, { format })).size;
}

/** Those that the image has not, or has otherwise; a secret where its version changed or somebody touched it. */
async function filesToWrite(
  input: CanonicalInput,
  image: ImageFile,
  memory: Memory,
  context: Context,
): Promise<readonly WantedFile[]> {
  if (input.files.length === 0) return [];
  await using disk = await openGuestDisk(image);
  const guest = await openGuestTree(disk);
  const found: WantedFile[] = [];
  for (const [index, file] of input.files.entries()) {
    const wanted = await wantedFile(file, index, context);
    if (!wanted) continue;
    const remembered = rememberedFiles(memory.details).find((each) => each.path === file.path);
    const touched = isSecret(file)
      ? versionChanged(file, memory) || (await fileState(guest, { file, index, remembered }, context)).drift.length > 0
      : guest === null || (await differenceOf(guest.tree, wanted)) !== null;
    if (touched) found.push(wanted);
  }
  return found;
}

function versionChanged(file: DeclaredFile, memory: Memory): boolean {
  const files = memory.declared.files ?? null;
  const before = isList(files) ? files.filter(isObject).find((each) => each.path === file.path) : undefined;
  return (before?.secret_content_version ?? null) !== file.secret_content_version;
}

/** Removes the image with everything that lies beside it for its sake. */
export async function remove(id: string, context: Context): Promise<void> {
  await demandFree(id, "delete", null, context.settings);
  const redo = await spentRedo(id, context);
  const bases = await backingChain(id);
  await rm(id, { force: true });
  if (redo !== null) await rm(redo, { force: true });
  if (bases[0] !== undefined) await unregisterOverlay(bases[0], id, context);
  await removeRecord(id);
}
