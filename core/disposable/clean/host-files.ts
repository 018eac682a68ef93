import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";

/** A regular file below a folder of the host. */
export interface HostFile {
  /** Raw bytes of its path below the folder. */
  readonly path: Buffer;
  readonly size: number;
}

export interface Listing {
  readonly files: readonly HostFile[];
  /** What is neither file nor folder (links, devices, pipes): not followed, not read. */
  readonly left: readonly Buffer[];
  /** Folders that could not be looked into. */
  readonly closed: readonly Buffer[];
}

const SLASH = Buffer.from("/");

/** Everything below a folder in the order of the names' bytes. Links are not followed. Throws `E_CLEAN_INPUT`. */
export async function listFiles(folder: string, most: number, signal: AbortSignal): Promise<Listing> {
  const files: HostFile[] = [];
  const left: Buffer[] = [];
  const closed: Buffer[] = [];
  const visit = async (below: Buffer | null): Promise<void> => {
    signal.throwIfAborted();
    const entries = await read(folder, below);
    if (entries === null && below) closed.push(below);
    for (const entry of entries ?? []) {
      const path = below ? Buffer.concat([below, SLASH, entry.name]) : entry.name;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.push({ path, size: (await lstat(inside(folder, path))).size });
      else left.push(path);
      if (files.length + left.length + closed.length > most) throw tooMany(folder, most);
    }
  };
  await visit(null);
  return { files, left, closed };
}

/** Null for a folder below that cannot be read. */
async function read(folder: string, below: Buffer | null): Promise<readonly Dirent<Buffer>[] | null> {
  const path = below ? inside(folder, below) : Buffer.from(folder);
  try {
    const entries = await readdir(path, { withFileTypes: true, encoding: "buffer" });
    return entries.toSorted((one, other) => Buffer.compare(one.name, other.name));
  } catch (cause) {
    if (below) return null;
    throw new GuestkitError("E_CLEAN_INPUT", `Cannot look into "${folder}": ${reasonOf(cause)}`, {
      at: { file: folder },
      help: "Name a folder that you can read.",
      cause,
    });
  }
}

const inside = (folder: string, path: Buffer) => Buffer.concat([Buffer.from(folder), SLASH, path]);

const tooMany = (folder: string, most: number) =>
  new GuestkitError("E_CLEAN_INPUT", `Cannot scan "${folder}": it holds more than ${most} files`, {
    at: { file: folder },
    help: "Scan its folders one after the other, or allow more with max_files.",
  });
