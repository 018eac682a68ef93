import { readPlainFile } from "./plain-file.ts";
import { distrust } from "./trust.ts";

/**
 * The bytes of a file that this user, or root, alone can have written; null where there is none such. Throws `E_FILE_KIND`,
 * `E_FILE_SIZE`.
 */
export async function readOwnFile(path: string, limit: number): Promise<Buffer | null> {
  const found = await readPlainFile(path, limit);
  return found && distrust(found.stat) === null ? found.bytes : null;
}
