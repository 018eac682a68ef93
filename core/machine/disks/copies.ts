import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MachineFolder } from "../folder.ts";

/** The machine's own copies of disks that outlive a start: also those of disks that its template has. */
export const keptCopies = (folder: MachineFolder): Promise<readonly string[]> =>
  imagesIn(dirname(folder.overlay("any")));

/** Those that were made for the last start alone. */
export const freshCopies = (folder: MachineFolder): Promise<readonly string[]> => imagesIn(folder.fresh);

async function imagesIn(path: string): Promise<readonly string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => name.endsWith(".qcow2") && !name.startsWith(".")).map((name) => join(path, name));
}
