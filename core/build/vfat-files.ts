import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { PlacedFile } from "./files.ts";
import { run } from "./process.ts";

/** What mtools takes for a pattern or a drive, and what FAT cannot hold. */
const UNFIT = /[\\:*?"<>|[\]]/;

/** Writes files into a FAT file system in a raw file. Modes and owners do not exist there. */
export async function writeVfatFiles(file: string, files: readonly PlacedFile[], context: Context): Promise<void> {
  const options = { signal: context.signal, env: { MTOOLS_SKIP_CHECK: "1", LC_ALL: "C.UTF-8" }, doing: "write files" };
  const made = new Set<string>();
  for (const each of files) {
    let folder = `::/${each.folder.map((name) => new TextDecoder().decode(name)).join("/")}`.replace(/\/$/, "");
    for (const name of [...each.missing, each.name]) demandFit(each.path, name);
    for (const name of each.missing) {
      folder += `/${name}`;
      if (made.has(folder)) continue;
      made.add(folder);
      await run("mmd", ["-i", file, "-D", "s", folder], { ...options, accept: [0, 1] });
    }
    await run("mcopy", ["-i", file, "-o", "-Q", each.staged, `${folder}/${each.name}`], options);
  }
}

function demandFit(path: string, name: string): void {
  if (!UNFIT.test(name)) return;
  throw new GuestkitError("E_FILES_NAME", `Cannot write "${printable(path)}": FAT has no name "${printable(name)}"`);
}
