import { stat } from "node:fs/promises";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { growImage } from "./grow.ts";
import { type ImageHead, readImageHead } from "./header.ts";
import { type ImageFile, qemuImg } from "./qemu.ts";
import { settleRedo } from "./redo.ts";
import { smaller } from "./source.ts";

/**
 * Makes a thin overlay over `base`, whose format is written down so that nobody ever probes what a guest wrote. A larger
 * `size` carries partition and file system along. Gives notes. Throws `E_BACKING_MISSING`, `E_SIZE_SMALLER`.
 */
export async function createOverlay(
  target: string,
  image: ImageFile,
  base: string,
  size: number | null,
  context: Context,
): Promise<readonly string[]> {
  await settleRedo(base, context);
  const head = await headOfBase(base);
  if (size !== null && size < head.size) throw smaller(base, head.size, size);
  context.progress({ phase: "creating", detail: image.path });
  await qemuImg(["create", "-q", "-f", "qcow2", "-F", head.format, "-b", base, image.path], {
    signal: context.signal,
    image: base,
    doing: `create "${image.path}"`,
  });
  if (size === null || size === head.size) return [];
  return growImage(target, image, { oldSize: head.size, size, unpublished: true }, context);
}

export async function headOfBase(base: string): Promise<ImageHead> {
  if ((await stat(base).catch(() => null))?.isFile()) return readImageHead(base);
  throw new GuestkitError("E_BACKING_MISSING", `Cannot use backing file "${base}": there is no such file`, {
    at: { file: base, field: ["backing_file"] },
    help: "Create it first, or mend the path.",
  });
}
