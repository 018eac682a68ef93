import type { Image } from "../format/format.ts";
import { parseJson } from "../kit/depth.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { qemuImg } from "../qemu/block/img.ts";
import { type ImageFile, imageNode, nodeName } from "../qemu/block/node.ts";

/**
 * What QEMU reads and yet refuses to make larger (block/qcow2.c, `qcow2_co_truncate`). It is asked before a change is
 * announced, which could never be finished. Throws `E_QCOW2_RESIZE`.
 */
export async function demandResizable(file: ImageFile, image: Image, signal?: AbortSignal): Promise<void> {
  if (image.format !== "qcow2") return;
  const { compat, bitmaps } = image.details;
  if (compat === "0.10" && image.snapshots.length > 0) {
    const why = "a qcow2 of version 0.10 with snapshots keeps its size";
    throw fixed(file, why, `Raise its version: qemu-img amend -f qcow2 -o compat=1.1 "${file.path}"`);
  }
  const open = bitmaps ? await openBitmaps(file, signal) : [];
  const [first] = open;
  if (first === undefined) return;
  const names = open.map((name) => `"${printable(name)}"`).join(", ");
  const why = `a dirty bitmap that was not closed keeps its size (${names})`;
  throw fixed(file, why, `It is of no use any more: qemu-img bitmap --remove "${file.path}" "${printable(first)}"`);
}

/** Bitmaps that are marked as in use, while nobody has the image open. */
async function openBitmaps(file: ImageFile, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const options = { image: file.path, ...(signal && { signal }) };
  const { stdout } = await qemuImg(["info", "-U", "--output=json", nodeName(imageNode(file))], options);
  const told = parseJson(stdout) as { "format-specific"?: { data?: { bitmaps?: readonly Bitmap[] } } };
  const bitmaps = told["format-specific"]?.data?.bitmaps ?? [];
  return bitmaps.filter(({ flags }) => flags.includes("in-use")).map(({ name }) => name);
}

interface Bitmap {
  readonly name: string;
  readonly flags: readonly string[];
}

function fixed(file: ImageFile, why: string, help: string): GuestkitError {
  return new GuestkitError("E_QCOW2_RESIZE", `Cannot grow "${file.path}": ${why}`, { at: { file: file.path }, help });
}
