import { mkdir, writeFile } from "node:fs/promises";
import { run } from "../../support/tool.ts";
import type { Bed } from "../bed.ts";
import { type Look, textOf, type Writer } from "../writer.ts";

const NAMES = ["changed", "added", "folder/added"];
const LINES = 50_000;

/** An image with some files, and an older copy of one of them. */
async function old(bed: Bed): Promise<void> {
  await mkdir(bed.at("source/content/folder"), { recursive: true });
  for (const name of NAMES) await writeFile(bed.at(`source/content/${name}`), `${name}\n`.repeat(LINES));
  await run("mke2fs", ["-q", "-t", "ext4", "-d", bed.at("source/content"), bed.at("a.img"), "16M"]);
  await mkdir(bed.at("out"));
  await writeFile(bed.at("out/changed"), "old\n");
}

/** A file is told apart by its length and its last line. */
const file =
  (name: string): Look =>
  async (bed) => {
    const text = await textOf(bed, `out/${name}`);
    return `${text.length} ${text.split("\n").at(-2) ?? text}`;
  };

const copy = (name: string, command: readonly string[], files: readonly string[]): Writer => ({
  name,
  old,
  declare: async () => {},
  command,
  things: Object.fromEntries(files.map((each) => [each, [file(each)]])),
});

/** Copies out of an image. */
export const copies: readonly Writer[] = [
  copy("copy-file", ["cp", "a.img:/changed", "out/changed"], ["changed"]),
  // A folder may be large: its files are not synced one by one.
  { ...copy("copy-folder", ["cp", "--recursive", "a.img:/", "out"], NAMES), isUnsynced: true },
];
