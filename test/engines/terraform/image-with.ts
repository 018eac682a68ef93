import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes `disk.raw`, an image of one ext4 with a text as /secret. */
export async function imageWith(dir: string, text: string): Promise<void> {
  const [disk, file] = [join(dir, "disk.raw"), join(dir, "text")];
  await writeFile(file, text);
  execFileSync("truncate", ["-s", "8M", disk]);
  execFileSync("mke2fs", ["-q", "-t", "ext4", disk]);
  execFileSync("debugfs", ["-w", "-R", `write ${file} secret`, disk], { stdio: "ignore" });
}
