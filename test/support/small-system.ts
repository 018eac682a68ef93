import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./tool.ts";

/** A raw image of 16 MiB: one ext4 without a table, in which a system with these files lies, all root's. */
export async function makeSmallSystem(image: string, files: Readonly<Record<string, string>>): Promise<void> {
  const tree = `${image}.tree`;
  const all = { "etc/os-release": "ID=own\n", "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "usr/x": "", ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
  await run("truncate", ["-s", "16M", image]);
  await run("mke2fs", ["-q", "-F", "-t", "ext4", "-E", "root_owner=0:0", "-d", tree, image]);
  await rm(tree, { recursive: true });
}
