import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { log } from "../kit/log.ts";
import { reasonOf } from "../kit/system-error.ts";
import { makeFolder, makeOwnFolder } from "./folder.ts";
import { type Partial, partialBeside, sweepPartials } from "./partial.ts";
import { writeFile } from "./write-file.ts";

export interface WholeFileOptions {
  /** Its owner's alone where left out. */
  readonly mode?: number;
}

/** Beside its place, synced, renamed: whoever reads it finds the old or the new one. What a killed writer left is removed. */
export async function writeWhole(
  path: string,
  text: string | Uint8Array,
  { mode = 0o600 }: WholeFileOptions = {},
): Promise<void> {
  await makeFolder(dirname(path));
  await put(path, text, mode, (partial) => partial.publish());
}

/**
 * The same for what can be had again: it need not outlive a loss of power, so that nothing is waited for, and where it
 * cannot be written, that stops nothing. The log tells of it.
 */
export async function writeCache(path: string, text: string): Promise<void> {
  try {
    await makeOwnFolder(dirname(path));
    await put(path, text, 0o600, (partial) => rename(partial.path, path));
  } catch (error) {
    log("warn", "a cache is not written", { path, error: reasonOf(error) });
  }
}

async function put(
  path: string,
  text: string | Uint8Array,
  mode: number,
  publish: (partial: Partial) => Promise<void>,
) {
  await sweepPartials(path);
  await using partial = partialBeside(path, "text");
  await writeFile(partial.path, text, { mode, flag: "wx" });
  await publish(partial);
}
