import { stat } from "node:fs/promises";
import { holdsKnown, unknownNote } from "../disk/known-content.ts";
import { decideFormat } from "../format/index.ts";
import { imageRecord } from "../host/image-record.ts";
import { openFileSource } from "../source/file.ts";
import type { ByteSource } from "../source/source.ts";
import type { HeadOptions } from "./header.ts";

/**
 * What is told of a file whose content alone makes it a raw disk, and holds nothing that is known; null of any other. Its
 * first use leaves a record, and nothing is told any more.
 */
export async function unknownContent(
  path: string,
  { format = null, witness }: HeadOptions = {},
): Promise<string | null> {
  if (format !== null || !(await stat(path)).isFile()) return null;
  if ((await (witness ?? (() => imageRecord(path)))())?.format) return null;
  await using source = await openFileSource(path);
  return await unknownIn(source);
}

/** The same of a file that is open and has no record. */
export async function unknownIn(source: ByteSource): Promise<string | null> {
  if ((await decideFormat(source, null)) !== "raw" || (await holdsKnown(source))) return null;
  return unknownNote(source.name);
}
