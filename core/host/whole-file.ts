import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, makeOwnFolder } from "./folder.ts";
import { partialBeside, sweepPartials } from "./partial.ts";
import { writeFile } from "./write-file.ts";

export interface WholeFileOptions {
  /** Its owner's alone where left out. */
  readonly mode?: number;
  /** What can be had again need not outlive a loss of power: nothing is waited for. */
  readonly isCache?: boolean;
}

/** Beside its place, synced, renamed: whoever reads it finds the old or the new one. What a killed writer left is removed. */
export async function writeWhole(path: string, text: string, options: WholeFileOptions = {}): Promise<void> {
  const { mode = 0o600, isCache = false } = options;
  await (isCache ? makeOwnFolder : makeFolder)(dirname(path));
  await sweepPartials(path);
  await using partial = partialBeside(path, "text");
  await writeFile(partial.path, text, { mode, flag: "wx" });
  if (isCache) await rename(partial.path, path);
  else await partial.publish();
}
