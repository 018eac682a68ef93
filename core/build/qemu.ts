import { readFile } from "node:fs/promises";
import { partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type RunOptions, type RunResult, run } from "./process.ts";

export type DiskFormat = "qcow2" | "raw";

/**
 * An image file with all that QEMU is to know of it: never probed, and no header followed, since a guest or a stranger may
 * have written them. (`build/chain.ts` finds out.)
 */
export interface ImageFile {
  readonly path: string;
  readonly format: DiskFormat;
  /** A device of the host instead of a regular file. */
  readonly isDevice?: boolean;
  /** The part of a raw file that it is, bytes; all of it where left out. */
  readonly part?: { readonly offset: number; readonly size: number | null } | null;
  /** The file that its data lies in, where that is another one. */
  readonly dataFile?: string | null;
  /** The node that it leans on; none where left out. */
  readonly backing?: BlockNode | null;
}

/** A part of a disk, bytes. */
export interface DiskWindow {
  readonly start: number;
  readonly size: number;
}

/** A QEMU block node as its JSON options. */
export type BlockNode = Readonly<Record<string, unknown>>;

/** A node whose files are open already: its file names are `/dev/fd/3`, `/dev/fd/4`, ... in this order. */
export interface OpenNode {
  readonly node: BlockNode;
  readonly files: readonly number[];
}

export function imageNode({ path, format, isDevice, part, dataFile, backing = null }: ImageFile): BlockNode {
  const file = { driver: isDevice ? "host_device" : "file", filename: path };
  if (format === "raw") return { driver: format, ...partOptions(part), file };
  return { driver: format, file, ...(dataFile && { "data-file": { driver: "file", filename: dataFile } }), backing };
}

function partOptions(part: ImageFile["part"]): object {
  return part ? { offset: part.offset, ...(part.size !== null && { size: part.size }) } : {};
}

export function windowNode(image: ImageFile, window: DiskWindow): BlockNode {
  return { driver: "raw", offset: window.start, size: window.size, file: imageNode(image) };
}

/** A node as qemu-img takes it for a file name: no character in a path has a meaning in it. */
export function nodeName(node: BlockNode): string {
  return `json:${JSON.stringify(node)}`;
}

/** Runs qemu-img, what it makes is for this user alone; a locked image becomes `E_IMAGE_IN_USE`. */
export async function qemuImg(
  args: readonly string[],
  options: RunOptions & { readonly image?: string } = {},
): Promise<RunResult> {
  try {
    return await run("qemu-img", args, { private: true, ...options });
  } catch (error) {
    throw isLocked(error) ? inUse(options.image ?? "the image", error) : error;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof GuestkitError && /Failed to get .*lock/i.test(error.message);
}

export function inUse(path: string, cause?: unknown, who = "another process"): GuestkitError {
  return new GuestkitError("E_IMAGE_IN_USE", `Cannot use "${path}": ${who} has it open`, {
    at: { file: path },
    cause,
    help: `Stop what uses it (see: fuser -v "${path}"), then run again.`,
  });
}

/** Copies a whole image, telling how far it is. The target must not exist; `from` is what a refusal names. */
export async function convert(
  { node, files }: OpenNode,
  target: ImageFile,
  context: Context,
  { phase = "copying", from }: { readonly phase?: string; readonly from?: string } = {},
): Promise<void> {
  const args = ["convert", "-p", "-O", target.format, nodeName(node), target.path];
  await qemuImg(args, {
    files,
    signal: context.signal,
    doing: `write "${target.path}"`,
    ...(from !== undefined && { image: from }),
    onLine: (line) => {
      const percent = /\((\d+\.\d+)\/100%\)/.exec(line);
      if (percent) context.progress({ phase, done: Number(percent[1]), total: 100 });
    },
  });
}

/** The bytes of a window of the disk, through a file beside `target`. For tables and superblocks. */
export async function readWindow(
  image: ImageFile,
  window: DiskWindow,
  target: string,
  context: Context,
): Promise<Uint8Array> {
  await using file = partialBeside(target, "window");
  await qemuImg(["convert", "-O", "raw", nodeName(windowNode(image, window)), file.path], {
    signal: context.signal,
    image: image.path,
  });
  return await readFile(file.path);
}

/** Copies a raw file over a window of an existing image. With `blank` the window is known to read as zeros. */
export async function writeWindow(
  raw: string,
  image: ImageFile,
  window: DiskWindow,
  context: Context,
  options: { readonly blank?: boolean } = {},
): Promise<void> {
  const target = nodeName(windowNode(image, window));
  const blank = options.blank ? ["--target-is-zero"] : [];
  const source = nodeName(imageNode({ path: raw, format: "raw" }));
  await qemuImg(["convert", "-n", ...blank, "-O", "raw", source, target], {
    signal: context.signal,
    image: image.path,
  });
}
