import { truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { JobDisk } from "../../core/appliance/disks.ts";
import type { Context, Progress } from "../../core/kit/context.ts";
import { imageNode } from "../../core/qemu/block/node.ts";
import { fixtureRoot } from "./fixture.ts";
import { scratch } from "./scratch.ts";

/** A context whose appliance is the one that guestkit keeps for this user, and whose QEMU lives in a folder of the test's own. */
export async function applianceContext(
  more: Partial<Pick<Context, "signal" | "progress">> = {},
): Promise<Context & { readonly runtimeDir: string; readonly told: Progress[] }> {
  const runtimeDir = await scratch("appliance");
  const told: Progress[] = [];
  const settings = { dataDir: runtimeDir, cacheDir: dirname(fixtureRoot()), runtimeDir, mirror: null };
  return {
    ...{ settings, runtimeDir, told, signal: new AbortController().signal },
    progress: (event) => void told.push(event),
    ...more,
  };
}

/** A raw image of this size for a job to write to. */
export async function emptyDisk(folder: string, name: string, size: number): Promise<JobDisk & { path: string }> {
  const path = join(folder, name);
  await writeFile(path, "");
  await truncate(path, size);
  return { path, node: imageNode({ path, format: "raw" }), isWritable: true };
}
