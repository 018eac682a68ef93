import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The text of every file in folders but what `leftOut` names, in a fixed order: for a fixture's recipe. */
export async function textOf(folders: readonly string[], leftOut: (name: string) => boolean): Promise<string[]> {
  const texts: string[] = [];
  for (const folder of folders) {
    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && !leftOut(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    texts.push(...(await Promise.all(files.map((file) => readFile(file, "utf8")))));
  }
  return texts;
}
