import { stat } from "node:fs/promises";
import { backingPath, type ImageHead, readImageHead } from "../build/header.ts";
import type { DiskFormat } from "../build/qemu.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Layer } from "./arguments/facts.ts";

const DEEPEST = 64;

/**
 * An image with everything that it leans on, itself first. `format` is what it is known to be: what a guest writes to a
 * raw disk may look like another format. Throws `E_DISK_MISSING`, `E_BACKING_MISSING`, `E_SOURCE_FORMAT`.
 */
export async function chainOf(path: string, format: DiskFormat | null, field: readonly string[]): Promise<Layer[]> {
  const chain: Layer[] = [];
  let [at, known]: [string, DiskFormat | null] = [path, format];
  while (chain.length < DEEPEST) {
    const layer = await layerOf(at, known, chain.at(-1)?.path ?? null, field);
    chain.push(layer);
    const head: ImageHead | null = layer.format === "raw" ? null : await readImageHead(at);
    if (!head?.backing) return chain;
    at = backingPath(at, head) ?? fail(at, `it leans on "${head.backing.name}", which is no file of this host`, field);
    known = asFormat(head.backing.format);
  }
  return fail(path, `it leans on more than ${DEEPEST} images`, field);
}

/** A file that is opened as what it is said to be, or looks like. */
export async function layerOf(
  path: string,
  known: DiskFormat | null,
  above: string | null,
  field: readonly string[],
): Promise<Layer> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return { path, format: known ?? (await readImageHead(path)).format, isDevice: false };
  if (found?.isBlockDevice()) return { path, format: known ?? "raw", isDevice: true };
  if (above !== null) return fail(above, `it leans on "${path}", which is not there`, field);
  throw new GuestkitError("E_DISK_MISSING", `Cannot attach "${path}": there is no such image`, {
    at: { file: path, field },
    help: "Create it first, or mend the path.",
  });
}

const asFormat = (name: string | null): DiskFormat | null => (name === "raw" || name === "qcow2" ? name : null);

function fail(path: string, why: string, field: readonly string[]): never {
  throw new GuestkitError("E_BACKING_MISSING", `Cannot attach "${path}": ${why}`, {
    at: { file: path, field },
    help: `See what it leans on: qemu-img info --backing-chain "${path}"`,
  });
}
