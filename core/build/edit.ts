import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { openImage } from "../format/index.ts";
import { imageHost } from "../host/image-host.ts";
import { type Partial, partialBeside } from "../host/partial.ts";
import { openPlainFile } from "../host/plain-file.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { qemuImg, readWindow } from "../qemu/block/img.ts";
import { type DiskWindow, type ImageFile, imageNode, nodeName, windowNode } from "../qemu/block/node.ts";
import { openFileSource } from "../source/file.ts";
import { windowSource } from "../source/window.ts";
import type { ByteRange } from "../volume/index.ts";
import { changedRanges } from "./changes.ts";
import { commitOverlay, wholeOverlay } from "./commit.ts";
import { openRangeWriter, writeRanges } from "./range-writer.ts";
import { finishRedo, publishRedo } from "./redo.ts";

/** The disk of an image as it is being changed: what is written goes into the redo log, the image itself stays. */
export interface EditableDisk {
  /** Bytes, after the change. */
  readonly size: number;
  /** Bytes as they were before; up to the old size. */
  read(window: DiskWindow): Promise<Uint8Array>;
  write(ranges: readonly ByteRange[]): Promise<void>;
  /**
   * Hands a raw file with the window's bytes to `change`, and takes over whatever that changed once all edits are made:
   * what edits the same window later goes on with the same file. A window that is to be larger (`newSize`) is given with
   * zeros behind.
   */
  editWindow(window: DiskWindow, newSize: number, change: (file: string) => Promise<void>): Promise<void>;
  /** Hands the redo log itself to what writes as a guest does: a disk with all edits so far but those of windows. */
  editDisk(change: (disk: ImageFile) => Promise<void>): Promise<void>;
}

/** One of the edits that make up a change. */
export interface Edit {
  /** Gives notes on what stayed as it was. */
  make(disk: EditableDisk): Promise<readonly string[]>;
  /** A look at the image as it will be; throws where that is not what was wanted. */
  verify?(preview: ImageFile): Promise<void>;
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
 * Changes the content of an image by one or more edits so that, whenever this is killed, it is the old one or that with
 * all of them. `target` is the published path: temporary files lie beside it. Gives the edits' notes.
 */
export async function editImage(
  target: string,
  image: ImageFile,
  options: EditOptions,
  context: Context,
  edits: readonly Edit[],
): Promise<readonly string[]> {
  if (!options.unpublished) await finishRedo(target, context);
  await using redo = partialBeside(target, "redo");
  await createOverlay(redo, image, options.size, context);
  const log: ImageFile = { path: redo.path, format: "qcow2", backing: imageNode(image) };
  const notes = await makeAll(edits, { target, image, redo: log, options }, context);
  context.signal.throwIfAborted();
  if (options.unpublished) await commitUnpublished(redo, image);
  else await publishRedo(redo, target, image, context);
  return notes;
}

async function commitUnpublished({ path }: Partial, image: ImageFile): Promise<void> {
  await using file = await open(path, "r+");
  await commitOverlay(await wholeOverlay(file), image, { outlive: false });
}

interface Change {
  readonly target: string;
  readonly image: ImageFile;
  readonly redo: ImageFile;
  readonly options: EditOptions;
}

async function makeAll(edits: readonly Edit[], change: Change, context: Context): Promise<readonly string[]> {
  await using stack = new AsyncDisposableStack();
  const volumes: Volume[] = [];
  const disk = editable(change, volumes, stack, context);
  const notes: string[] = [];
  for (const edit of edits) notes.push(...(await edit.make(disk)));
  for (const volume of volumes) await takeOver(volume, change, context);
  for (const edit of edits) await edit.verify?.(change.redo);
  return notes;
}

/** It names its image by where that lies beside it; it gets as few readers as that has, before it holds a byte. */
async function createOverlay(overlay: Partial, image: ImageFile, size: number, context: Context): Promise<void> {
  const parent = `./${basename(image.path)}`;
  const args = ["create", "-q", "-u", "-f", "qcow2", "-F", image.format, "-b", parent, overlay.path, String(size)];
  await qemuImg(args, { signal: context.signal, image: image.path });
  await using file = await openPlainFile(overlay.path);
  await file?.chmod(((await stat(image.path)).mode & 0o755) | 0o600);
}

/** A window of the disk that is being edited, as a raw file. */
interface Volume {
  readonly raw: string;
  /** What of it the image has. */
  readonly window: DiskWindow;
  readonly newSize: number;
}

function editable(
  { target, image, redo, options }: Change,
  volumes: Volume[],
  stack: AsyncDisposableStack,
  context: Context,
): EditableDisk {
  const extracted = async (wanted: DiskWindow, newSize: number): Promise<Volume> => {
    const raw = stack.use(partialBeside(target, "volume")).path;
    const window = clip(wanted, options.oldSize);
    await extract(image, window, raw, newSize, context);
    const volume = { raw, window, newSize };
    volumes.push(volume);
    return volume;
  };
  return {
    size: options.size,
    read: (window) => readWindow(image, window, target, context),
    write: (ranges) => writeRanges(redo, ranges, target, context),
    editWindow: async (window, newSize, change) => {
      const found = volumes.find((each) => each.window.start === window.start);
      await change((found ?? (await extracted(window, newSize))).raw);
    },
    editDisk: (change) => change(redo),
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

/** Writes what differs between the raw file and the old window into the redo log, and nothing else. */
async function takeOver({ raw, window, newSize }: Volume, { target, image, redo }: Change, context: Context) {
  await using opened = await openImage(await openFileSource(image.path), imageHost(), { format: image.format });
  const old = windowSource(opened, window.start, window.size);
  const file: ImageFile = { path: raw, format: "raw" };
  const written: Extent[] = [];
  await using writer = await openRangeWriter(redo, target, context);
  for await (const { offset, bytes } of changedRanges(old, file, newSize, context.signal)) {
    await writer.write({ offset: window.start + offset, bytes });
    written.push({ offset, length: bytes.length });
  }
  await writer.flush();
  await demandTaken(written, { raw, start: window.start }, { target, redo }, context);
}

/** A range of a volume, bytes. */
interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** Reads back from the redo log what was written to it. Throws `E_REDO_UNPROVEN`. */
async function demandTaken(
  written: readonly Extent[],
  { raw, start }: { readonly raw: string; readonly start: number },
  { target, redo }: Pick<Change, "target" | "redo">,
  { signal }: Context,
): Promise<void> {
  await using wanted = await openFileSource(raw);
  await using found = await openImage(await openFileSource(redo.path), imageHost(), { format: redo.format });
  for (const { offset, length } of written) {
    const pair = [wanted.read(offset, length, signal), found.read(start + offset, length, signal)] as const;
    const [there, taken] = await Promise.all(pair);
    if (Buffer.compare(there, taken) === 0) continue;
    throw new GuestkitError(
      "E_REDO_UNPROVEN",
      `Cannot change "${target}": its redo log holds something else at ${start + offset}`,
      {
        at: { file: target, offset: start + offset },
        help: "Is the disk full? See: df -h. The image is as it was.",
      },
    );
  }
}
