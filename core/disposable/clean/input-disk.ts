import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { BLOCK, FLAG, writeHeader } from "../../archive/header.ts";
import { Packer } from "../../archive/packer.ts";
import { writeAll } from "../../host/write-file.ts";
import { atPlace, GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";

/** A file that goes into the guest, by a name of ours. */
export interface InputFile {
  /** `3.jpg`: nothing of the host's own name but its extension. */
  readonly name: string;
  /** A file of the host, or the bytes themselves. */
  readonly content: { readonly path: string } | Uint8Array;
}

/** A disk has whole sectors; that of 4 KiB is the largest in use. */
const SECTOR = 4096;
/** What a ustar header can say of a size. */
const LARGEST_FILE = 8 * 2 ** 30 - 1;

/**
 * Writes files as a tar archive (ustar) straight onto a new raw disk, which the guest reads without a file system. The
 * files are only read. Throws `E_CLEAN_INPUT` for what is no regular file, or larger than `most` bytes.
 */
export async function writeInputDisk(
  disk: string,
  files: readonly InputFile[],
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<void> {
  const target = await open(disk, "wx", 0o600);
  try {
    const packer = new Packer((piece) => writeAll(target, disk, piece));
    for (const file of files) await writeFile(packer, file, most, signal);
    await packer.room(2 * BLOCK);
    packer.place(2 * BLOCK, () => {});
    await packer.flush();
    const { size } = await target.stat();
    await atPlace(disk, () => target.truncate(Math.ceil(size / SECTOR) * SECTOR));
  } finally {
    await target.close();
  }
}

async function writeFile(packer: Packer, { name, content }: InputFile, most: number, signal: AbortSignal) {
  if (content instanceof Uint8Array) {
    await writeHead(packer, name, content.length);
    await packer.content(content.length, async (target, done) =>
      target.set(content.subarray(done, done + target.length)),
    );
    return packer.pad(content.length);
  }
  await using source = await openRegular(content.path);
  const { size } = await source.stat();
  const limit = Math.min(most, LARGEST_FILE);
  if (size > limit) throw unfit(content.path, `it has ${size} bytes, more than ${limit}`, "Allow more with max_size.");
  await writeHead(packer, name, size);
  await packer.content(size, async (target, done) => {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(target, 0, target.length, done);
    if (bytesRead < target.length) throw unfit(content.path, "it became shorter while it was read", "Run again.");
  });
  packer.pad(size);
}

async function writeHead(packer: Packer, path: string, size: number): Promise<void> {
  const member = { flag: FLAG.file, path, linkPath: "", mode: 0o600, uid: 0, gid: 0, size, device: null };
  const mtime = { seconds: 0, nanoseconds: 0 };
  await packer.room(BLOCK);
  packer.place(BLOCK, (bytes, offset) => writeHeader({ ...member, mtime }, bytes, offset));
}

/** A pipe would be waited for: what is opened is asked what it is. */
async function openRegular(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw unfit(path, reasonOf(cause), "Name a file that you can read.", cause);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw unfit(path, "it is no regular file", "Name a file.");
}

const unfit = (path: string, why: string, help: string, cause?: unknown) =>
  new GuestkitError("E_CLEAN_INPUT", `Cannot take "${path}": ${why}`, { at: { file: path }, help, cause });
