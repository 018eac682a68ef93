import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { openImage } from "../format/index.ts";
import { lockFile } from "../host/file-lock.ts";
import { imageHost } from "../host/image-host.ts";
import { fileId } from "../host/image-record.ts";
import { type Partial, syncFolder } from "../host/partial.ts";
import { openPlainFile } from "../host/plain-file.ts";
import { writeAll } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { type Announcement, announce } from "../redo/announcement.ts";
import { tellRedo } from "../redo/fault.ts";
import { openLog } from "../redo/log.ts";
import { mayHaveRedo, redoPath } from "../redo/place.ts";
import { oldSectors } from "../redo/sectors.ts";
import { redoState } from "../redo/state.ts";
import { openedSource, openFileSource } from "../source/file.ts";
import { imageFile } from "./chain.ts";
import { commitOverlay, dropLeaks, type Overlay, openTarget, patiently, wholeOverlay } from "./commit.ts";
import { hashFile } from "./download.ts";

/**
 * Announces a whole overlay in the image's record, gives it the redo log's name, and commits it. Once it has that name
 * the change is going to happen, by us or by whoever comes next. Throws `E_REDO_RECORD`, `E_IMAGE_IN_USE`.
 */
export async function publishRedo(redo: Partial, target: string, image: ImageFile, context: Context): Promise<void> {
  await using file = await openOwn(redo.path);
  await using opened = await openTarget(image);
  const id = fileId(await opened.file.stat({ bigint: true }));
  const announced = { ...(await complete(file, redo.path, image, context)), image: id };
  await announce(target, announced);
  context.signal.throwIfAborted();
  await rename(redo.path, redoPath(target));
  await syncFolder(dirname(target));
  await carryOut(target, image, { file, length: announced.length });
}

/**
 * Finishes a change that was cut off, if there is one. The caller holds the image's lock.
 * Throws `E_REDO_*` where what lies there does not count, and `E_IMAGE_IN_USE` when somebody opened the image meanwhile.
 */
export async function finishRedo(target: string, context: Context): Promise<void> {
  const state = await redoState(target, context.signal);
  if (state.kind === "refused") throw state.error;
  if (state.kind === "none") return;
  await using redo = state.redo;
  const { format, length } = redo.announced;
  await carryOut(target, { path: target, format }, { file: redo.file, length });
  if (format === "qcow2") await dropLeaks(await imageFile(target, format));
}

/**
 * The same for whoever is going to use the image as a whole and does not hold its lock. What others laid beside it is
 * told, and keeps nobody from using it.
 */
export async function settleRedo(target: string, context: Context): Promise<void> {
  if (!(await mayHaveRedo(target))) return;
  const state = await redoState(target, context.signal);
  if (state.kind === "binding") await state.redo[Symbol.asyncDispose]();
  if (state.kind === "refused" && state.noise) return tellRedo(state.error, context);
  await using _lock = await lockFile(target, context);
  await finishRedo(target, context);
}

async function carryOut(target: string, image: ImageFile, overlay: Overlay): Promise<void> {
  await patiently(() => commitOverlay(overlay, image, { outlive: true }));
  await rm(redoPath(target), { force: true });
  await syncFolder(dirname(target));
}

async function openOwn(path: string): Promise<FileHandle> {
  const file = await openPlainFile(path, constants.O_RDWR);
  if (file) return file;
  throw new GuestkitError("E_REDO_GONE", `Cannot finish the change: "${path}" was taken away`, { at: { file: path } });
}

/** Puts the digests of what it is laid over behind the overlay; it is whole and on the disk then. */
async function complete(
  file: FileHandle,
  name: string,
  { path, format }: ImageFile,
  { signal }: Context,
): Promise<Omit<Announcement, "image">> {
  const old = await openImage(await openFileSource(path), imageHost(), { format });
  await using log = await openLog(await openedSource(file, name), old);
  const { length } = await wholeOverlay(file);
  const digests = await oldSectors(log, old, signal);
  await writeAll(file, name, digests, length);
  await file.sync();
  const hash = createHash("sha256");
  await hashFile(file, hash, signal);
  const { size } = await file.stat();
  return { sha256: hash.digest("hex"), size, length, format, old_size: old.size, new_size: log.image.size };
}
