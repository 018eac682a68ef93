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

/** An image with a system, and what is to be written anew. */
async function system(bed: Bed): Promise<void> {
  for (const each of ["etc", "usr/bin", "var/lib/dpkg"])
    await mkdir(bed.at(`source/root/${each}`), { recursive: true });
  await writeFile(bed.at("source/root/etc/os-release"), "ID=debian\nVERSION_ID=12\n");
  const status = "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n";
  await writeFile(bed.at("source/root/var/lib/dpkg/status"), status);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", bed.at("source/root"), bed.at("a.img"), "16M"]);
  await writeFile(bed.at("list.json"), "old\n");
}

/** A list of what is installed in an image, over an older one. */
const list: Writer = {
  name: "sbom",
  old: system,
  declare: async () => {},
  command: ["sbom", "a.img", "--output", "list.json", "--overwrite"],
  things: { "list.json": [(bed) => textOf(bed, "list.json")] },
};

/** Copies out of an image, and lists of what is in it. */
export const copies: readonly Writer[] = [
  copy("copy-file", ["cp", "a.img:/changed", "out/changed"], ["changed"]),
  // A folder may be large: its files are not synced one by one.
  { ...copy("copy-folder", ["cp", "--recursive", "a.img:/", "out"], NAMES), isUnsynced: true },
  list,
];
