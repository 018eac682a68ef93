import { chmod, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { openImage } from "../format/index.ts";
import { imageHost } from "../host/image-host.ts";
import { type Partial, partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { openFileSource } from "../source/file.ts";
import { windowSource } from "../source/window.ts";
import { changedRanges } from "./changes.ts";
import { commitOverlay, wholeOverlay } from "./commit.ts";
import type { ByteRange } from "./partition.ts";
import { type DiskWindow, type ImageFile, imageNode, nodeName, qemuImg, readWindow, windowNode } from "./qemu.ts";
import { openRangeWriter, writeRanges } from "./range-writer.ts";
import { finishRedo, publishRedo } from "./redo.ts";

/** The disk of an image as it is being changed: what is written goes into the redo log, the image itself stays. */
export interface EditableDisk {
  /** Bytes, after the change. */
  readonly size: number;
  /** The image as it will be, for a look at what was written. */
  readonly preview: ImageFile;
  /** Bytes as they were before; up to the old size. */
  read(window: DiskWindow): Promise<Uint8Array>;
  write(ranges: readonly ByteRange[]): Promise<void>;
  /**
   * Hands a raw file with the window's bytes to `edit`, and takes over whatever that changed. A window that is to be
   * larger (`newSize`) is given with zeros behind.
   */
  editWindow(window: DiskWindow, newSize: number, edit: (file: string) => Promise<void>): Promise<void>;
}

export interface EditOptions {
  /** Virtual size now, bytes. */
  readonly oldSize: number;
  /** Virtual size wanted; never less. */
  readonly size: number;
  /** The image is not published yet: nobody would have to finish the change. */
  readonly unpublished?: boolean;
}

/**
 * Changes the content of an image so that, whenever this is killed, it is the old or the new one. `target` is the
 * published path: temporary files lie beside it.
 */
export async function editImage(
  target: string,
  image: ImageFile,
  options: EditOptions,
  context: Context,
  edit: (disk: EditableDisk) => Promise<void>,
): Promise<void> {
  if (!options.unpublished) await finishRedo(target, context);
  await using redo = partialBeside(target, "redo");
  await createOverlay(redo, image, options.size, context);
  const log: ImageFile = { path: redo.path, format: "qcow2", backing: imageNode(image) };
  await edit(editable(target, image, log, options, context));
  context.signal.throwIfAborted();
  if (!options.unpublished) return await publishRedo(redo, target, image, context);
  await using file = await open(redo.path, "r+");
  await commitOverlay(await wholeOverlay(file), image, { outlive: false });
}

/** It names its image by where that lies beside it; it gets as few readers as that has, before it holds a byte. */
async function createOverlay(overlay: Partial, image: ImageFile, size: number, context: Context): Promise<void> {
  const parent = `./${basename(image.path)}`;
  const args = ["create", "-q", "-u", "-f", "qcow2", "-F", image.format, "-b", parent, overlay.path, String(size)];
  await qemuImg(args, { signal: context.signal, image: image.path });
  await chmod(overlay.path, ((await stat(image.path)).mode & 0o755) | 0o600);
}

function editable(
  target: string,
  image: ImageFile,
  redo: ImageFile,
  options: EditOptions,
  context: Context,
): EditableDisk {
  return {
    size: options.size,
    preview: redo,
    read: (window) => readWindow(image, window, target, context),
    write: (ranges) => writeRanges(redo, ranges, target, context),
    editWindow: async (window, newSize, edit) => {
      await using raw = partialBeside(target, "volume");
      await extract(image, clip(window, options.oldSize), raw.path, newSize, context);
      await edit(raw.path);
      await takeOver(raw.path, { image, redo, window: clip(window, options.oldSize), newSize, target }, context);
    },
  };
}

function clip(window: DiskWindow, diskSize: number): DiskWindow {
  return { start: window.start, size: Math.min(window.size, diskSize - window.start) };
}

async function extract(
  image: ImageFile,
  window: DiskWindow,
  raw: string,
  newSize: number,
  context: Context,
): Promise<void> {
  const options = { signal: context.signal, image: image.path };
  await qemuImg(["convert", "-O", "raw", nodeName(windowNode(image, window)), raw], options);
  if (newSize > window.size) await qemuImg(["resize", "-q", "-f", "raw", raw, String(newSize)], options);
}

interface TakeOver {
  readonly image: ImageFile;
  readonly redo: ImageFile;
  readonly window: DiskWindow;
  readonly newSize: number;
  readonly target: string;
}

/** Writes what differs between `raw` and the old window into the redo log, and nothing else. */
async function takeOver(raw: string, change: TakeOver, context: Context): Promise<void> {
  const { image, redo, window, newSize } = change;
  await using opened = await openImage(await openFileSource(image.path), imageHost(), { format: image.format });
  const old = windowSource(opened, window.start, window.size);
  const file: ImageFile = { path: raw, format: "raw" };
  await using writer = await openRangeWriter(redo, change.target, context);
  for await (const { offset, bytes } of changedRanges(old, file, newSize, context.signal)) {
    await writer.write({ offset: window.start + offset, bytes });
  }
  await writer.flush();
}
