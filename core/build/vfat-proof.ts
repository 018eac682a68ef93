import { createHash } from "node:crypto";
import type { FileSystem } from "../filesystem/filesystem.ts";
import { openFileSystem } from "../filesystem/index.ts";
import { openPlainFile } from "../host/plain-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import { hashFile } from "./download.ts";

/** Bytes read at once. */
const CHUNK = 1 << 20;
/** Folders within one another: what was laid there by mtools has fewer. */
const DEEPEST = 128;

/**
 * Reads back the files that mtools put into a new FAT: as many as there are host files, and each with the content of one
 * of these. Names are not compared: FAT has others for some. Throws `E_MKFS_UNPROVEN`.
 */
export async function proveVfat(source: ByteSource, files: readonly string[], signal: AbortSignal): Promise<void> {
  const wanted = new Map<string, number>();
  for (const file of files) count(wanted, await digestOf(file, signal), 1);
  await using fs = await openFileSystem(source);
  if (fs) for await (const digest of digestsIn(fs, fs.root, signal, 0)) count(wanted, digest, -1);
  const wrong = [...wanted.values()].filter((left) => left !== 0).length;
  if (wrong === 0) return;
  throw new GuestkitError(
    "E_MKFS_UNPROVEN",
    `Cannot copy into vfat: mtools reported success, but of ${files.length} files ${wrong} read back as something else`,
    { help: "Is the disk full (df -h), or did somebody change the folder meanwhile? Then run again." },
  );
}

function count(digests: Map<string, number>, digest: string, by: number): void {
  digests.set(digest, (digests.get(digest) ?? 0) + by);
}

async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await using file = await openPlainFile(path);
  if (file) await hashFile(file, hash, signal);
  return hash.digest("hex");
}

async function* digestsIn(fs: FileSystem, folder: number, signal: AbortSignal, depth: number): AsyncGenerator<string> {
  if (depth > DEEPEST) return;
  for await (const batch of fs.entries(folder)) {
    for (const { inode } of batch) {
      const { type } = await fs.stat(inode);
      if (type === "directory") yield* digestsIn(fs, inode, signal, depth + 1);
      else yield await digestIn(fs, inode, signal);
    }
  }
}

async function digestIn(fs: FileSystem, inode: number, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await using file = await fs.open(inode);
  for (let at = 0; at < file.size; at += CHUNK) {
    hash.update(await file.read(at, Math.min(CHUNK, file.size - at), signal));
  }
  return hash.digest("hex");
}
