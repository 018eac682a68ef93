import { copyFile as copy, type FileHandle, writeFile as write } from "node:fs/promises";
import { atPlace } from "../kit/errors.ts";

type Data = string | Uint8Array;

/** Node's own, but for its errors: a full file system is met when the bytes are written, and Node then names no file. */
export function writeFile(path: string, data: Data, options?: { mode?: number; flag?: string }): Promise<void> {
  return atPlace(path, () => write(path, data, options));
}

/** The same for a copy: both names are told. */
export function copyFile(from: string, to: string, mode?: number): Promise<void> {
  return atPlace(to, () => copy(from, to, mode));
}

/** All of the bytes into an open file, at `offset` or where it stands: one write may take only some of them. */
export async function writeAll(handle: FileHandle, path: string, bytes: Uint8Array, offset?: number): Promise<void> {
  await atPlace(path, async () => {
    for (let done = 0; done < bytes.length; ) {
      const at = offset === undefined ? null : offset + done;
      done += (await handle.write(bytes, done, bytes.length - done, at)).bytesWritten;
    }
  });
}
