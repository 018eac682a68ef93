import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { hostsOwn } from "../kit/caller-path.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Keys, Opener } from "../kit/keys.ts";
import { reasonOf } from "../kit/system-error.ts";

/** Bytes: as cryptsetup bounds it. */
const LIMIT = 8 << 20;

/** The same keys; the names of files count from `folder`, those that say that they are the host's as well. */
export function keysFrom(keys: Keys, folder: string): Keys {
  const place = (path: string) => resolve(folder, hostsOwn(path) ?? path);
  const placed = (each: Opener): Opener => {
    if (typeof each !== "object" || each instanceof Uint8Array) return each;
    return "header" in each ? { header: place(each.header) } : { file: place(each.file) };
  };
  return Object.fromEntries(Object.entries(keys).map(([selector, each]) => [selector, [each].flat().map(placed)]));
}

/** A key file's bytes, all of them, as `cryptsetup --key-file` takes them. Throws `E_KEY_FILE`. */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const bytes = new Uint8Array(LIMIT + 1);
    let length = 0;
    for (let count = 1; count > 0 && length <= LIMIT; length += count) {
      count = (await handle.read(bytes, length, bytes.length - length, null)).bytesRead;
    }
    if (length <= LIMIT) return bytes.slice(0, length);
  } catch (cause) {
    throw refusal(path, reasonOf(cause), cause);
  }
  throw refusal(path, `it has more than ${LIMIT} bytes`, undefined);
}

function refusal(path: string, why: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_KEY_FILE", `Cannot read the key file "${path}": ${why}`, {
    ...(cause !== undefined && { cause }),
    at: { file: path },
    help: "Name a file that this user can read; one that lies on another host is host:/PATH.",
  });
}
