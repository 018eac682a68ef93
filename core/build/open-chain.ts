/** An image and all that it leans on, open: what QEMU reads is what was looked at, whatever the names become. */
import type { FileHandle } from "node:fs/promises";
import { imageRecord } from "../host/image-record.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { DiskFormat } from "../qemu/block/node.ts";
import { openedSource, openHandle } from "../source/file.ts";
import { backingReference, dataPath, type HeadOptions, headOf, type ImageHead } from "./header.ts";
import type { Layer } from "./layer.ts";

export interface ChainOptions extends HeadOptions {
  /** The field that names it, for errors. */
  readonly field?: readonly string[];
}

export interface OpenedLayer extends Layer {
  readonly file: FileHandle;
  readonly data: FileHandle | null;
}

export interface OpenedChain extends AsyncDisposable {
  readonly layers: readonly [OpenedLayer, ...OpenedLayer[]];
}

const DEEPEST = 64;

/**
 * Opens an image with everything that it leans on, itself first, each as what it is declared, recorded or known to be. A
 * `file` that is open already stays so when the chain is closed.
 * Throws `E_BACKING_MISSING`, `E_SOURCE_FORMAT`, `E_FORMAT_AMBIGUOUS`.
 */
export async function openChain(
  path: string,
  { field = [], file, ...options }: ChainOptions & { readonly file?: FileHandle } = {},
): Promise<OpenedChain> {
  const own: FileHandle[] = [];
  const open = async (name: string) => {
    const handle = await openHandle(name);
    own.push(handle);
    return handle;
  };
  const close = async () => void (await Promise.all(own.map((each) => each.close())));
  try {
    const first = await openLayer({ path, options, part: null }, file ?? (await open(path)), open, field);
    const parents: OpenedLayer[] = [];
    for (let at = first; ; ) {
      const parent = await parentOf(at, open, field);
      if (!parent) break;
      parents.push(parent.layer);
      if (parents.length >= DEEPEST) throw unfollowed(path, `it leans on more than ${DEEPEST} images`, field);
      at = parent;
    }
    return { layers: [first.layer, ...parents], [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Wanted {
  readonly path: string;
  readonly options: HeadOptions;
  readonly part: NonNullable<Layer["part"]> | null;
}

interface Found {
  readonly layer: OpenedLayer;
  readonly head: ImageHead;
}

type Open = (path: string) => Promise<FileHandle>;

/** A device is raw unless it is declared else. */
async function openLayer(
  { path, options, part }: Wanted,
  file: FileHandle,
  open: Open,
  field: readonly string[],
): Promise<Found> {
  const stat = await file.stat();
  const isDevice = stat.isBlockDevice();
  const head = await headOf(await openedSource(file, path), isDevice ? { format: options.format ?? "raw" } : options);
  const dataFile = dataPath(path, head);
  if (head.dataFile !== null && dataFile === null) {
    throw unfollowed(path, "its data is in another file, and it names none of this host", field);
  }
  const data = dataFile === null ? null : await open(dataFile);
  const size = part ? (part.size ?? Math.max(0, head.size - part.offset)) : head.size;
  return { layer: { path, format: head.format, size, isDevice, part, dataFile, file, data }, head };
}

async function parentOf({ layer, head }: Found, open: Open, field: readonly string[]): Promise<Found | null> {
  if (!head.backing) return null;
  const reference = backingReference(layer.path, head);
  if (!reference)
    throw unfollowed(layer.path, `it leans on "${printable(head.backing.name)}", which is no file of this host`, field);
  const { filename: path, offset, size } = reference;
  const file = await open(path).catch((cause: unknown) => {
    throw missing(layer.path, path, field, cause);
  });
  const part = offset > 0 || size !== null ? { offset, size } : null;
  return await openLayer({ path, part, options: parentOptions(path, asFormat(reference.format)) }, file, open, field);
}

export const asFormat = (name: string | null): DiskFormat | null => (name === "raw" || name === "qcow2" ? name : null);

/**
 * A header's word on its parent counts less than the parent's own record, unless it says raw: whoever wrote the header may
 * have wanted a guest's disk to be followed.
 */
export function parentOptions(path: string, said: DiskFormat | null): HeadOptions {
  if (said !== "qcow2") return { format: said, isParent: true };
  return { isParent: true, witness: async () => ({ doubt: null, format: (await imageRecord(path))?.format ?? said }) };
}

function missing(image: string, parent: string, field: readonly string[], cause: unknown): unknown {
  const code = ((cause as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOENT" ? unfollowed(image, `it leans on "${parent}", which is not there`, field) : cause;
}

function unfollowed(path: string, why: string, field: readonly string[]): GuestkitError {
  return new GuestkitError("E_BACKING_MISSING", `Cannot use "${path}": ${why}`, {
    at: { file: path, field },
    help: `See what it leans on: guestkit info "${path}"`,
  });
}
