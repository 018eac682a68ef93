import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { GuestkitError } from "../kit/errors.ts";
import { formatSize } from "../kit/size.ts";
import { readBounded } from "./plain-file.ts";

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Most bytes of a text that people write (a project, a job): thousands of machines are a tenth of it. */
const MOST = 4 << 20;

/**
 * A text that the user named: a regular file (links are followed, a pipe is not waited for) in UTF-8, a mark of its byte
 * order left out. Throws `E_FILE_KIND`, `E_FILE_SIZE`, `E_FILE_ENCODING`, and the system's own errors.
 */
export async function readTextFile(path: string, limit = MOST): Promise<string> {
  const handle = await open(path, FLAGS);
  try {
    demandFile(path, await handle.stat(), limit);
    return decode(path, await readBounded(handle, path, limit, tooLarge));
  } finally {
    await handle.close();
  }
}

/** The same without a pause, for a value in the midst of a declaration. */
export function readTextFileSync(path: string, limit = MOST): string {
  const file = openSync(path, FLAGS);
  try {
    demandFile(path, fstatSync(file), limit);
    return decode(path, readFileSync(file));
  } finally {
    closeSync(file);
  }
}

function demandFile(path: string, stat: Stats, limit: number): void {
  if (!stat.isFile()) throw unfit("E_FILE_KIND", path, stat.isDirectory() ? "it is a folder" : "it is no regular file");
  if (stat.size > limit) throw tooLarge(path, limit);
}

/** Node loads a `TextDecoder` that refuses faults by itself, for 4 ms. */
function decode(path: string, bytes: Buffer): string {
  if (!isUtf8(bytes)) throw unfit("E_FILE_ENCODING", path, "it is no text in UTF-8");
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

const tooLarge = (path: string, limit: number) => unfit("E_FILE_SIZE", path, `it has more than ${formatSize(limit)}`);

function unfit(code: string, path: string, why: string, cause?: unknown): GuestkitError {
  const help = `Look at what it is, and name another: file "${path}"`;
  return new GuestkitError(code, `Cannot read "${path}": ${why}`, { cause, help, at: { file: path } });
}
