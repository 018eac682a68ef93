import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { GuestkitError } from "../../kit/errors.ts";
import { decodeName } from "../../kit/name.ts";

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
}

const SLASH = Buffer.from("/");

/** Everything below a folder in the order of the names' bytes. Links are not followed. Throws `E_CLEAN_INPUT`. */
export async function listFiles(folder: string, most: number, signal: AbortSignal): Promise<Listing> {
  const files: HostFile[] = [];
  const left: Buffer[] = [];
  const visit = async (below: Buffer | null): Promise<void> => {
    signal.throwIfAborted();
    for (const entry of await read(folder, below)) {
      const path = below ? Buffer.concat([below, SLASH, entry.name]) : entry.name;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.push({ path, size: (await lstat(inside(folder, path))).size });
      else left.push(path);
      if (files.length + left.length > most) throw tooMany(folder, most);
    }
  };
  await visit(null);
  return { files, left };
}

async function read(folder: string, below: Buffer | null): Promise<readonly Dirent<Buffer>[]> {
  const path = below ? inside(folder, below) : Buffer.from(folder);
  const entries = await readdir(path, { withFileTypes: true, encoding: "buffer" }).catch((cause: Error) => {
    throw new GuestkitError("E_CLEAN_INPUT", `Cannot look into "${decodeName(path).text}": ${cause.message}`, {
      at: { file: decodeName(path).text },
      help: "Name a folder that you can read, or leave this one out.",
      cause,
    });
  });
  return entries.toSorted((one, other) => Buffer.compare(one.name, other.name));
}

const inside = (folder: string, path: Buffer) => Buffer.concat([Buffer.from(folder), SLASH, path]);

const tooMany = (folder: string, most: number) =>
  new GuestkitError("E_CLEAN_INPUT", `Cannot scan "${folder}": it holds more than ${most} files`, {
    at: { file: folder },
    help: "Scan its folders one after the other, or allow more with max_files.",
  });
