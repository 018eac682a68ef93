import type { Disk, Output } from "@guestkit/core/inspect";
import { decodeName } from "@guestkit/core/kit";
import { writeOut } from "../output/stdout.ts";
import { missing } from "./place.ts";

/** Bytes read at once. */
const CHUNK = 1 << 20;

/** Writes a regular file of an image to standard output. Throws `E_FILE_MISSING`. */
export async function printFile(disk: Disk, image: string, path: Uint8Array, output: Output): Promise<void> {
  const tree = await disk.tree();
  await using file = await tree.open(path);
  if (!file) throw missing(image, decodeName(path).text, "there is no such regular file");
  for (let at = 0; at < file.size; at += CHUNK) {
    const bytes = await file.read(at, Math.min(CHUNK, file.size - at));
    output();
    writeOut(bytes);
  }
}
