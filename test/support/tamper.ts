import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "./run.ts";

/**
 * Changes an image behind guestkit's back, with e2fsprogs' debugfs alone: `commands` are run on the ext file system
 * of the partition that holds `/` (the last ext one). The file keeps its name and format.
 */
export async function tamper(image: string, commands: readonly string[]): Promise<void> {
  await changeRaw(image, async (raw, folder) => {
    const script = join(folder, "commands");
    await writeFile(script, `${commands.join("\n")}\n`);
    await run("debugfs", ["-w", "-f", script, `${raw}?offset=${await rootOffset(raw)}`]);
  });
}

/** Changes an image's disk, which `change` gets as a raw file in a folder for its own files. */
export async function changeRaw(
  image: string,
  change: (raw: string, folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = await mkdtemp(join(dirname(image), ".tamper-"));
  try {
    const raw = join(folder, "raw");
    const info = JSON.parse(await run("qemu-img", ["info", "--output=json", image])) as { format: string };
    await run("qemu-img", ["convert", "-O", "raw", image, raw]);
    await change(raw, folder);
    const made = join(folder, "made");
    await run("qemu-img", ["convert", "-O", info.format, raw, made]);
    await rename(made, image);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes: where the last Linux partition starts, or 0 for a bare file system. */
async function rootOffset(raw: string): Promise<number> {
  const text = await run("sfdisk", ["--json", raw]).catch(() => null);
  if (text === null) return 0;
  const { partitiontable } = JSON.parse(text) as {
    partitiontable: { sectorsize?: number; partitions: { start: number }[] };
  };
  return (partitiontable.partitions.at(-1)?.start ?? 0) * (partitiontable.sectorsize ?? 512);
}

/** debugfs commands that give a file other content, keeping its inode's owner and mode. */
export async function rewriteFile(path: string, content: string): Promise<readonly string[]> {
  const source = join(await mkdtemp(join(tmpdir(), "guestkit-tamper-")), "content");
  await writeFile(source, content);
  return [`rm ${path}`, `write ${source} ${path}`];
}
