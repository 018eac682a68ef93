import { dirname } from "node:path";
import { makeFolder } from "../../host/folder.ts";
import { partialBeside, sweepPartials } from "../../host/partial.ts";
import { writeFile } from "../../host/write-file.ts";

/** Beside its place, synced, renamed: whoever reads it finds the old or the new one. */
export async function writeFileWhole(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  await sweepPartials(path);
  await using partial = partialBeside(path, "text");
  await writeFile(partial.path, text);
  await partial.publish();
}
