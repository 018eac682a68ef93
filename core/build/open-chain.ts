/** An image and its parents as nodes over open files: what QEMU reads is what was looked at, whatever the names become. */
import type { FileHandle } from "node:fs/promises";
import { openNamedFile } from "../host/plain-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { backingPath, headOf, type ImageHead } from "./header.ts";
import type { BlockNode, OpenNode } from "./qemu.ts";

interface Layer {
  readonly file: FileHandle;
  readonly head: ImageHead;
}

const MAX_DEPTH = 64;

/**
 * The node of an open image at `path`, its parents opened beside it; disposing closes the parents alone. Throws
 * `E_SOURCE_BACKING` for a parent that is no file, or one too many.
 */
export async function openChain(path: string, file: FileHandle, head: ImageHead): Promise<OpenNode & AsyncDisposable> {
  const layers: Layer[] = [{ file, head }];
  const close = async () => void (await Promise.all(layers.slice(1).map((each) => each.file.close())));
  try {
    for (let at: Layer & { readonly path: string } = { path, file, head }; at.head.backing; ) {
      if (layers.length > MAX_DEPTH) throw refused(at.path, at.head.backing.name, "it stands on too many others");
      at = await openParent(at.path, at.head);
      layers.push(at);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { node: nodeOf(layers, 0), files: layers.map((each) => each.file.fd), [Symbol.asyncDispose]: close };
}

async function openParent(image: string, head: ImageHead): Promise<Layer & { readonly path: string }> {
  const name = head.backing?.name ?? "";
  const path = backingPath(image, head);
  const file = path === null ? null : await openNamedFile(path);
  if (path === null || !file) throw refused(image, name, path === null ? "it is no file" : "there is no such file");
  try {
    return { path, file, head: await headOfParent(file, path, head.backing?.format ?? null) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What the image above says of its parent's format goes before a look. */
async function headOfParent(file: FileHandle, path: string, format: string | null): Promise<ImageHead> {
  if (format !== "raw") return headOf(file, path);
  return { format, size: (await file.stat()).size, backing: null, externalData: false };
}

function nodeOf(layers: readonly Layer[], depth: number): BlockNode {
  const format = layers[depth]?.head.format;
  const file = { driver: "file", filename: `/dev/fd/${3 + depth}` };
  if (format !== "qcow2") return { driver: format, file };
  return { driver: format, file, backing: depth + 1 < layers.length ? nodeOf(layers, depth + 1) : null };
}

function refused(image: string, name: string, why: string): GuestkitError {
  return new GuestkitError("E_SOURCE_BACKING", `Cannot use "${image}": it has a backing file ("${name}"), and ${why}`, {
    at: { file: image, field: ["source", "url"] },
    help: `Look at it: qemu-img info "${image}". Mend the name with qemu-img rebase, or give another image.`,
  });
}
