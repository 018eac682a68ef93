import { readSuperblock } from "../filesystem/ext4/superblock.ts";
import { openFileSystem } from "../filesystem/index.ts";
import { run } from "../host/program/process.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { openFileSource } from "../source/file.ts";

/** e2fsck(8): 1 and 2 say that errors were mended. */
const MENDED = [0, 1, 2];

/** What e2fsck(8) says of features that may be read all the same (ext4's ro_compat), and of those that may not. */
const UNKNOWN_FEATURES = /has unsupported feature\(s\):([^\n]*)/;

/**
 * Replays the journal of an ext2/3/4 file system in a raw file and mends what is safe to mend; no change may be made to
 * a damaged one. Throws `E_FILESYSTEM_DAMAGED`, `E_FILESYSTEM_FEATURES`.
 */
export async function checkExt(file: string, doing: string, context: Context): Promise<void> {
  const { exitCode, stdout, stderr } = await run("e2fsck", ["-f", "-p", file], {
    signal: context.signal,
    accept: [...MENDED, 3, 4, 5, 6, 7, 8, 12],
  });
  if (MENDED.includes(exitCode)) return;
  const unknown = UNKNOWN_FEATURES.exec(stdout + stderr)?.[1];
  if (unknown !== undefined) throw tooNew(doing, unknown.trim());
  throw new GuestkitError(
    "E_FILESYSTEM_DAMAGED",
    `Cannot ${doing}: the ext file system is damaged: ${(stdout.trim() || stderr.trim()).replaceAll(file, "it")}`,
    { help: "Repair it first in a copy (e2fsck -fy), or start the guest and let it check its disk." },
  );
}

/**
 * Reads back what tools left of an ext2/3/4 file system in a raw file: each of them may have failed at its last write and
 * still ended well, e2fsck too. It is clean to a check that writes nothing, and our own reader opens it.
 * Throws `E_FILESYSTEM_DAMAGED`, `E_FILESYSTEM_UNPROVEN`.
 */
export async function proveExt(file: string, doing: string, context: Context): Promise<void> {
  let found = await complaints(file, context);
  // What is safe to mend is mended, and that looked at in turn.
  if (found !== null) await checkExt(file, doing, context);
  if (found !== null) found = await complaints(file, context);
  const why = found ?? (await refusal(file));
  if (why !== null) throw unproven(doing, `the ext file system that they wrote is damaged: ${why}`);
}

/** resize2fs leaves less than a group's worth of blocks at the end. Throws `E_FILESYSTEM_UNPROVEN`. */
export async function demandReach(file: string, size: number, doing: string): Promise<void> {
  await using source = await openFileSource(file);
  const { blocksCount, blocksPerGroup, blockSize } = await readSuperblock(source);
  if (size - blocksCount * blockSize < blocksPerGroup * blockSize) return;
  throw unproven(doing, `the ext file system takes ${blocksCount * blockSize} bytes of ${size}`);
}

function unproven(doing: string, why: string): GuestkitError {
  const message = `Cannot ${doing}: the tools reported success, but ${why}`;
  return new GuestkitError("E_FILESYSTEM_UNPROVEN", message, {
    help: "Is the disk full? See: df -h. The image is as it was.",
  });
}

/** What a check says that writes nothing; null where it is clean. */
async function complaints(file: string, { signal }: Context): Promise<string | null> {
  const { exitCode, stdout, stderr } = await run("e2fsck", ["-f", "-n", file], { signal, accept: [0, 4, 8, 12] });
  return exitCode === 0 ? null : (stdout.trim() || stderr.trim()).replaceAll(file, "it");
}

/** Why our own reader does not open it; null where it does. */
async function refusal(file: string): Promise<string | null> {
  await using source = await openFileSource(file);
  try {
    await using fs = await openFileSystem(source);
    return fs && /^ext[234]$/.test(fs.type) ? null : "there is none";
  } catch (error) {
    if (error instanceof GuestkitError) return error.message;
    throw error;
  }
}

function tooNew(doing: string, features: string): GuestkitError {
  return new GuestkitError(
    "E_FILESYSTEM_FEATURES",
    `Cannot ${doing}: this host's e2fsprogs do not know what the ext file system uses: ${features}`,
    { help: "It can be read all the same. Write to it inside the guest, or install newer e2fsprogs." },
  );
}
