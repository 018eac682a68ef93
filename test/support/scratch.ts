import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./at-end.ts";

/** A folder of the test file's own, removed after its tests. */
export async function scratch(name: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), `guestkit-${name}-`));
  atEnd(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
