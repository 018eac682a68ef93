import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { run } from "./process.ts";

/** e2fsck(8): 1 and 2 say that errors were mended. */
const MENDED = [0, 1, 2];

/**
 * Replays the journal of an ext2/3/4 file system in a raw file and mends what is safe to mend; no change may be made to
 * a damaged one. Throws `E_FILESYSTEM_DAMAGED`.
 */
export async function checkExt(file: string, doing: string, context: Context): Promise<void> {
  const { exitCode, stdout } = await run("e2fsck", ["-f", "-p", file], {
    signal: context.signal,
    accept: [...MENDED, 3, 4, 5, 6, 7, 8, 12],
  });
  if (MENDED.includes(exitCode)) return;
  throw new GuestkitError(
    "E_FILESYSTEM_DAMAGED",
    `Cannot ${doing}: the ext file system is damaged: ${stdout.replaceAll(file, "it").trim()}`,
    { help: "Repair it first in a copy (e2fsck -fy), or start the guest and let it check its disk." },
  );
}
