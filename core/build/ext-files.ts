import { rm } from "node:fs/promises";
import { run } from "../host/program/process.ts";
import { writeFile } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import type { PlacedFile } from "./wanted-file.ts";

/** A replaced file's label stays; capabilities and checksums would not be the new content's. */
const KEPT = "security.selinux";

/** Writes files into an ext2/3/4 file system in a raw file. debugfs never fails aloud: the caller reads back. */
export async function writeExtFiles(file: string, files: readonly PlacedFile[], context: Context): Promise<void> {
  const script: string[] = [];
  for (const each of files) script.push(...(await commandsFor(each)));
  const list = `${file}.debugfs`;
  await writeFile(list, `${script.join("\n")}\n`, { mode: 0o600, flag: "wx" });
  try {
    await run("debugfs", ["-w", "-f", list, file], { signal: context.signal, doing: "write files" });
  } finally {
    await rm(list, { force: true });
  }
}

/** Starts from an inode number, never from a path: links were followed already. */
async function commandsFor(file: PlacedFile): Promise<readonly string[]> {
  const name = quote(`./${file.name}`);
  const enter = file.missing.flatMap((each) => [`mkdir ${quote(`./${each}`)}`, `cd ${quote(`./${each}`)}`]);
  return [
    `cd <${file.parent.inode}>`,
    ...enter,
    ...(file.existing ? [`rm ${name}`] : []),
    `write ${quote(file.staged)} ${quote(file.name)}`,
    `sif ${name} mode 0${(0o100000 | file.mode).toString(8)}`,
    `sif ${name} uid ${file.uid}`,
    `sif ${name} gid ${file.gid}`,
    ...(await keptAttributes(file, name)),
  ];
}

async function keptAttributes(file: PlacedFile, name: string): Promise<readonly string[]> {
  if (!file.existing) return [];
  const { fs, inode } = file.existing;
  const value = (await fs.stat(inode)).type === "file" ? (await fs.xattrs(inode)).get(KEPT) : undefined;
  if (value === undefined) return [];
  const staged = `${file.staged}.label`;
  await writeFile(staged, value, { mode: 0o600 });
  return [`ea_set -f ${quote(staged)} ${name} ${KEPT}`];
}

/** libss: within double quotes everything stands for itself, and a doubled one for a quote. Lines were refused before. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
