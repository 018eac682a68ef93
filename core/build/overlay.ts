import { stat } from "node:fs/promises";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { inUse, qemuImg } from "../qemu/block/img.ts";
import { type DiskFormat, type ImageFile, imageNode } from "../qemu/block/node.ts";
import { isBeingWritten } from "../source/host-file.ts";
import { type Chain, chainOf, type SizedImage } from "./chain.ts";
import { growImage } from "./grow.ts";
import { smaller } from "./source.ts";

/**
 * Makes a thin overlay over a chain of images (`baseChain`), whose format is written down so that nobody ever probes what a
 * guest wrote. A larger `size` carries partition and file system along. Gives notes, and the overlay with all that it leans
 * on. Throws `E_SIZE_SMALLER`, `E_IMAGE_IN_USE`.
 */
export async function createOverlay(
  target: string,
  path: string,
  base: SizedImage,
  size: number | null,
  context: Context,
): Promise<{ readonly image: ImageFile; readonly notes: readonly string[] }> {
  if (size !== null && size < base.size) throw smaller(base.path, base.size, size);
  context.progress({ phase: "creating", detail: path });
  await createThin(path, base, base.size, { signal: context.signal, doing: `create "${path}"` });
  const image: ImageFile = { path, format: "qcow2", backing: imageNode(base) };
  if (size === null || size === base.size) return { image, notes: [] };
  return { image, notes: await growImage(target, image, { oldSize: base.size, size, unpublished: true }, context) };
}

/** The file itself: qemu-img is told format and size of what lies below and opens none of it. */
export async function createThin(
  path: string,
  base: ImageFile,
  size: number,
  options: { readonly signal: AbortSignal; readonly doing: string },
): Promise<void> {
  // Whoever reads it meanwhile is in nobody's way.
  if (await isBeingWritten(base.path)) throw inUse(base.path);
  const sectors = Math.ceil(size / 512) * 512;
  const args = ["create", "-q", "-u", "-f", "qcow2", "-F", base.format, "-b", base.path, path, String(sectors)];
  await qemuImg(args, { ...options, image: base.path });
}

/** What a refusal of a backing file says. */
export const BACKING = {
  field: ["backing_file"],
  allow: "set allow_backing_files to true (guestkit create --allow-backing-files)",
} as const;

/** A backing file with all that it leans on. Throws `E_BACKING_MISSING` and what `chainOf` throws. */
export async function baseChain(base: string, format: DiskFormat | null): Promise<Chain> {
  const { field } = BACKING;
  const found = await stat(base).catch((cause: unknown) => reasonOf(cause));
  if (typeof found !== "string" && found.isFile()) return await chainOf(base, { format, field });
  const why = typeof found === "string" ? found : "it is no regular file";
  throw new GuestkitError("E_BACKING_MISSING", `Cannot use backing file "${base}": ${why}`, {
    at: { file: base, field },
    help: "Create it first, or mend the path.",
  });
}
