import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { cachedSource } from "../../../core/source/cached.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { differences, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { copyImage, DIRTY, dirtyImage, image, MOUNTED } from "./ext4-images.ts";

const dir = await scratch("ext4");

async function withFileSystem<T>(file: string, use: (fs: FileSystem) => Promise<T>): Promise<T> {
  await using source = cachedSource(await openFileSource(file));
  const fs = await openFileSystem(source);
  if (!fs) throw new Error(`${file} holds no file system`);
  return await use(fs);
}

/** The tree as the kernel shows it, and the bytes that it counts as free. */
async function mounted(file: string, mode: string) {
  return withMount(file, mode, async (mount) => {
    const { bfree, bsize } = await statfs(mount);
    return { facts: await hostFacts(mount), free: bfree * bsize };
  });
}

/** What differs from another one by a value, or takes long for its size. */
const MORE = /^ext4-(?:2k-no-64bit|uninit-bg|no-csum|linear|large-dir)$|^hash-(?!half_md4-signed)/;

describe("ext2, ext3 and ext4 read as the kernel reads them", () => {
  for (const [name, recipe] of share(Object.entries(MOUNTED), ([each]) => MORE.test(each))) {
    it(name, async () => {
      const file = await image(name, recipe);
      const expected = await mounted(file, "ro");
      await withFileSystem(file, async (fs) => {
        expect(differences(await fileSystemFacts(fs), expected.facts)).toEqual([]);
        expect(expected.facts.size).toBeGreaterThan(20);
        expect(fs.free).toBe(expected.free);
        const told = await run("blkid", ["-p", "-o", "value", "-s", "TYPE", "-s", "UUID", file]);
        expect(`${fs.uuid}\n${fs.type}\n`).toBe(told);
      });
    });
  }
});

describe("a journal that needs recovery is read as the kernel reads it after replay", () => {
  for (const [name, recipe] of Object.entries(DIRTY)) {
    it(name, async () => {
      const file = await dirtyImage(name, recipe);
      expect(await run("dumpe2fs", ["-h", file])).toMatch(/^Filesystem features:.* needs_recovery/m);
      const copy = await copyImage(file, join(dir, `${name}.replayed`));
      const expected = await mounted(copy, "replay");
      await withFileSystem(file, async (fs) => {
        expect(fs.warnings[0]).toMatch(/^journal replayed: \d+ blocks$/);
        expect(differences(await fileSystemFacts(fs), expected.facts)).toEqual([]);
        expect(expected.facts.size).toBeGreaterThan(5);
        expect(fs.warnings.some((text) => text.includes("deleted files"))).toBe(recipe.last.includes("unlinked"));
      });
    });
  }
});
