import { stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./tool.ts";

/** Each of the files is there and holds something. */
export async function holds(dir: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const found = await stat(join(dir, name)).catch(() => null);
    if (!found || found.size === 0) throw new Error(`${name} ${found ? "is empty" : "is missing"}`);
  }
}

/** A qcow2 that qemu-img has nothing against. */
export async function isSoundQcow2(path: string): Promise<void> {
  await run("qemu-img", ["check", "-q", "-f", "qcow2", path]);
}

/**
 * An ext image that was taken after its file system was unmounted, or ("dirty") while it was mounted with a journal that
 * is still to be replayed.
 */
export async function isExt(path: string, state: "clean" | "dirty"): Promise<void> {
  const header = await run("dumpe2fs", ["-h", path]);
  const features = /^Filesystem features:(.*)$/m.exec(header)?.[1] ?? "";
  const isDirty = features.includes("needs_recovery");
  if (isDirty !== (state === "dirty")) throw new Error(`${path} ${isDirty ? "needs" : "does not need"} recovery`);
  if (state === "dirty" && /^Journal start:\s+0$/m.test(header)) throw new Error(`the journal of ${path} is empty`);
}
