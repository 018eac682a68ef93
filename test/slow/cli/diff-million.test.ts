import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { GUESTKIT } from "../../support/cli.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("diff-million");
const MIB = 1024;

/** So many folders of a thousand names each: links to files of a few bytes, as inodes would take most of the time. */
const TREE = `
import os, sys
top, folders = sys.argv[1], int(sys.argv[2])
for number in range(folders):
    folder = f"{top}/d{number}"
    os.makedirs(folder)
    for name in range(1000):
        if number % 60 == 0 and name == 0:
            source = f"{folder}/{name}"
            with open(source, "w") as file:
                file.write("x" * 2000)
        else:
            os.link(source, f"{folder}/{name}")
`;

/** KiB that comparing two such trees takes at most, of which one lacks a file. */
async function peakOf(folders: number): Promise<number> {
  const [tree, before, after] = ["tree", "before.img", "after.img"].map((name) => join(dir, `${folders}-${name}`)) as [
    string,
    string,
    string,
  ];
  await run("python3", ["-c", TREE, tree, `${folders}`]);
  await run("mke2fs", ["-q", "-t", "ext4", "-N", "20000", "-O", "^has_journal", "-d", tree, before, "256M"]);
  await rm(tree, { recursive: true });
  await run("cp", ["--sparse=always", before, after]);
  await run("debugfs", ["-w", "-R", "rm /d7/500", after]);
  const [told, peak] = [join(dir, "told"), join(dir, "peak")];
  const command = `/usr/bin/time -f %M -o "$1" "$2" "$3" diff --json "$4" "$5" > "$6"; test $? = 2`;
  await run("sh", ["-c", command, "sh", peak, ...GUESTKIT, before, after, told]);
  const files = (await readFile(told, "utf8")).split("\n").filter((line) => line.includes('"group":"files"'));
  expect(files.map((line) => JSON.parse(line).name)).toEqual(["/d7/500"]);
  return Number((await readFile(peak, "utf8")).trim().split("\n").at(-1));
}

it("takes for a million files hardly more memory than for a tenth of them", async () => {
  const [few, many] = [await peakOf(100), await peakOf(1000)];
  expect(many).toBeLessThan(few + 120 * MIB);
  expect(many).toBeLessThan(400 * MIB);
});
