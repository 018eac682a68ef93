import type { FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { openNamedFile } from "../host/plain-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { qemuImg } from "../qemu/block/img.ts";
import { type ImageFile, imageNode, nodeName } from "../qemu/block/node.ts";
import { openNode } from "./chain.ts";
import { openChain } from "./open-chain.ts";

/** QEMU takes a part of a file in whole sectors; an overlay is made of clusters (bytes). */
const CLUSTER = 64 << 10;

/** An open overlay: the first `length` bytes of the file. */
export interface Overlay {
  readonly file: FileHandle;
  readonly length: number;
}

/**
 * Writes an overlay's clusters into its image and grows that to its size. QEMU gets open files alone: no name in a header
 * leads anywhere. With `outlive` it runs on by itself if we are killed: it takes a moment, and spares the next reader a
 * half-changed image. Throws `E_IMAGE_IN_USE`.
 */
export async function commitOverlay(
  { file, length }: Overlay,
  image: ImageFile,
  options: { readonly outlive: boolean },
): Promise<void> {
  await using target = await openTarget(image);
  await using chain = await openChain(image.path, { format: image.format, file: target.file });
  const below = openNode(chain.layers);
  const own = { driver: "file", filename: `/dev/fd/${3 + below.files.length}` };
  const node = { driver: "qcow2", file: { driver: "raw", size: length, file: own }, backing: below.node };
  const files = [...below.files, file.fd];
  await qemuImg(["commit", "-q", "-d", nodeName(node)], { ...options, files, image: image.path });
  await target.file.sync();
}

/** The whole of an open file as an overlay. */
export async function wholeOverlay(file: FileHandle): Promise<Overlay> {
  const length = Math.ceil((await file.stat()).size / CLUSTER) * CLUSTER;
  await file.truncate(length);
  return { file, length };
}

interface Target extends AsyncDisposable {
  readonly file: FileHandle;
}

/** An image that is to be changed. Throws `E_IMAGE_GONE`. */
export async function openTarget({ path }: ImageFile): Promise<Target> {
  const file = await openNamedFile(path);
  if (!file) throw new GuestkitError("E_IMAGE_GONE", `Cannot change "${path}": there is no such file`);
  return { file, [Symbol.asyncDispose]: () => file.close() };
}

/** A killed commit may leave clusters that nothing refers to. */
export async function dropLeaks(image: ImageFile): Promise<void> {
  await qemuImg(["check", "-q", "-r", "leaks", nodeName(imageNode(image))], { accept: [0, 3], image: image.path });
}

/** The commit of a process that was just killed may still be running. */
export async function patiently(work: () => Promise<void>, patience = 5000): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const locked = error instanceof GuestkitError && error.code === "E_IMAGE_IN_USE";
      if (!locked || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
