import { readdir } from "node:fs/promises";
import type { Settings } from "../kit/context.ts";
import { machinesFolder } from "./folder.ts";

/** Names of this user's machines, sorted. */
export async function listMachines(settings: Settings): Promise<readonly string[]> {
  const found = await readdir(machinesFolder(settings), { withFileTypes: true }).catch(() => []);
  return found
    .filter((each) => each.isDirectory() && !each.name.startsWith("."))
    .map(({ name }) => name)
    .toSorted();
}
