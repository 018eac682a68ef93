import { mkdir, mkdtemp, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./tool.ts";

/** A partition to make: `script` makes its content in the file `$1`, of `size` MiB. */
export interface PartitionRecipe {
  readonly size: number;
  readonly type: string;
  readonly script: string;
}

/** A folder below `dir` with `path -> text`. */
export async function folder(dir: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(dir, "tree-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** A raw disk with a GPT or MBR and content in every partition, 1 MiB apart from the start. */
export async function partitionedDisk(
  path: string,
  label: "gpt" | "dos",
  partitions: readonly PartitionRecipe[],
): Promise<void> {
  const starts = partitions.map((_, index) => 1 + partitions.slice(0, index).reduce((sum, each) => sum + each.size, 0));
  const end = partitions.reduce((sum, each) => sum + each.size, 1);
  await writeFile(path, "");
  await truncate(path, (end + 1) << 20);
  const lines = partitions.map(({ size, type }, index) => `start=${starts[index]}MiB, size=${size}MiB, type=${type}`);
  const table = [`label: ${label}`, ...lines].join("\n");
  await run("sh", ["-c", 'echo "$1" | sfdisk --quiet --no-reread "$2"', "sh", table, path]);
  for (const [index, { size, script }] of partitions.entries()) {
    const content = `${path}.${index}`;
    await writeFile(content, "");
    await truncate(content, size << 20);
    await run("sh", ["-c", script, "sh", content]);
    await run("dd", [
      `if=${content}`,
      `of=${path}`,
      "bs=1M",
      `seek=${starts[index]}`,
      "conv=notrunc,sparse",
      "status=none",
    ]);
  }
}
