import { rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { companionName, type Partial, syncFile, syncFolder } from "../host/partial.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type DiskFormat, type ImageFile, imageNode, nodeName, qemuImg } from "./qemu.ts";

/**
 * A redo log is a qcow2 overlay beside the image. Under its own name (`.NAME.guestkit-redo`) it is whole and binding:
 * the image is what the overlay shows, and committing it may be done again and again until it is gone.
 */
export function redoPath(target: string): string {
  return join(dirname(target), `.${companionName(target)}.guestkit-redo`);
}

/** The redo log that a killed change left behind, or null. */
export async function pendingRedo(target: string): Promise<string | null> {
  const path = redoPath(target);
  const found = await stat(path).catch(() => null);
  return found ? path : null;
}

/** From here on the change is going to happen, by us or by whoever comes next. */
export async function publishRedo(redo: Partial, target: string): Promise<void> {
  await rename(redo.path, redoPath(target));
  await syncFolder(dirname(target));
}

/**
 * Finishes a change that is under way, if there is one. The caller holds the image's lock.
 * Throws `E_IMAGE_IN_USE` when somebody opened the image meanwhile.
 */
export async function recoverRedo(
  target: string,
  format: DiskFormat,
  options: { readonly fresh?: boolean } = {},
): Promise<boolean> {
  const path = await pendingRedo(target);
  if (!path) return false;
  const image: ImageFile = { path: target, format };
  await patiently(() => commitRedo(path, image, true));
  if (!options.fresh && format === "qcow2") await dropLeaks(image);
  await rm(path, { force: true });
  await syncFolder(dirname(target));
  return true;
}

/**
 * Writes an overlay's clusters into its image and grows that to its size. With `outlive` it runs on by itself if we
 * are killed: it takes a moment, and spares the next reader a half-changed image.
 */
export async function commitRedo(redo: string, image: ImageFile, outlive: boolean): Promise<void> {
  const node = { ...imageNode({ path: redo, format: "qcow2" }), backing: imageNode(image) };
  await qemuImg(["commit", "-q", "-d", nodeName(node)], { outlive, image: image.path });
  await syncFile(image.path);
}

/** A killed commit may leave clusters that nothing refers to. */
async function dropLeaks(image: ImageFile): Promise<void> {
  await qemuImg(["check", "-q", "-r", "leaks", "-f", "qcow2", image.path], { accept: [0, 3], image: image.path });
}

/** The commit of a process that was just killed may still be running. */
async function patiently(work: () => Promise<void>, patience = 5000): Promise<void> {
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
