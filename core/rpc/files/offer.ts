import { createHash } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { makeOwnFolder } from "../../host/folder.ts";
import { partialBeside } from "../../host/partial.ts";
import { openNamedFile } from "../../host/plain-file.ts";
import { run } from "../../host/program/process.ts";
import { Lru } from "../../kit/lru.ts";
import type { As } from "./wire.ts";

/** A file of the caller's that is open for the host: what is told of it and what is read is one file, whatever its name becomes. */
export interface Offer extends AsyncDisposable {
  readonly handle: FileHandle;
  /** Bytes when it was opened; no more are given. */
  readonly size: number;
  /** Its SHA-256, worked out at the first need. */
  readonly digest: () => Promise<string>;
}

export interface OfferOptions {
  /** Where archives of folders are made; they have no name. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

/** Throws the system's own errors; `ENOENT` for what is not there, `EINVAL` for what is no regular file. */
export async function makeOffer(path: string, as: As, options: OfferOptions): Promise<Offer> {
  const handle = as === "tar" ? await pack(path, options) : await openFile(path);
  try {
    const stat = await handle.stat({ bigint: true });
    let digest: Promise<string> | null = null;
    return {
      ...{ handle, size: Number(stat.size) },
      digest: () => {
        digest ??= digestOf(handle, stat, options.signal);
        return digest;
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const handle = await openNamedFile(path);
  if (handle) return handle;
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
}

/** Digests of this process, by what a change of the file changes. */
const digests = new Lru<string, string>(1024);

async function digestOf(handle: FileHandle, stat: BigIntStats, signal: AbortSignal): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  const key = `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  const known = digests.get(key);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  if (size > 0n) {
    const end = Number(size) - 1;
    for await (const chunk of handle.createReadStream({
      start: 0,
      end,
      autoClose: false,
      highWaterMark: 1 << 20,
      signal,
    }))
      hash.update(chunk as Uint8Array);
  }
  const digest = hash.digest("hex");
  digests.set(key, digest);
  return digest;
}

/**
 * A folder as an archive that is the same as long as the folder is. tar is handed the open folder, follows no link in it, and
 * reads no device and no pipe. A name in `path` itself may be a link: it is the user's own.
 */
async function pack(path: string, { cacheDir, signal }: OfferOptions): Promise<FileHandle> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const base = join(cacheDir, "tmp");
    await makeOwnFolder(base);
    await using partial = partialBeside(join(base, "folder"), "pack");
    await mkdir(partial.path, { mode: 0o700 });
    const archive = join(partial.path, "content.tar");
    const names = ["--numeric-owner", "--xattrs", "--xattrs-include=*", "--sparse", "--sort=name"];
    // Times of reading, and the packer's process, would make another archive of the same folder.
    const same = ["--format=posix", "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"];
    const args = ["--create", "--file", archive, ...names, ...same, "--directory", "/dev/fd/3", "--", "."];
    await run("tar", args, { signal, files: [folder.fd], doing: `pack "${path}"` });
    return await open(archive, constants.O_RDONLY | constants.O_NOFOLLOW);
  } finally {
    await folder.close();
  }
}
