import { readFile } from "node:fs/promises";
import { partialBeside } from "../../host/partial.ts";
import { type RunOptions, type RunResult, run } from "../../host/program/process.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { type DiskWindow, type ImageFile, imageNode, nodeName, type OpenNode, windowNode } from "./node.ts";

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
