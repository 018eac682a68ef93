import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { isExt } from "../../support/proof.ts";
import { run } from "../../support/run.ts";

const populate = fileURLToPath(new URL("ext4-populate.py", import.meta.url));

/** An image as it is made: mke2fs with `make`, tuned, mounted and filled with the parts of ext4-populate.py. */
export interface Recipe {
  readonly make: readonly string[];
  /** `debugfs -w -R` requests before it is mounted. */
  readonly tune?: readonly string[];
  readonly parts: readonly string[];
  /** MiB. */
  readonly size?: number;
}

const COMMON = ["basic", "times", "sparse", "xattrs"];
const ALL = [...COMMON, "unwritten", "huge"];

/** Images that the kernel here can mount. */
export const MOUNTED: Readonly<Record<string, Recipe>> = {
  "ext4-default": { make: ["-t", "ext4", "-b", "4096"], parts: [...ALL, "many20000"], size: 256 },
  "ext4-1k-meta-bg": { make: ["-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode"], parts: [...ALL, "many"] },
  "ext4-2k-no-64bit": {
    make: ["-t", "ext4", "-b", "2048", "-O", "^64bit,^flex_bg", "-I", "512"],
    parts: [...ALL, "many"],
  },
  "ext4-uninit-bg": {
    make: ["-t", "ext4", "-b", "4096", "-O", "^metadata_csum,uninit_bg,^64bit"],
    parts: [...ALL, "many"],
  },
  "ext4-no-csum": {
    make: ["-t", "ext4", "-b", "4096", "-O", "^metadata_csum,^uninit_bg,^has_journal"],
    parts: [...ALL, "many"],
  },
  "ext4-linear": { make: ["-t", "ext4", "-b", "1024", "-O", "^dir_index"], parts: [...COMMON, "many"] },
  "ext4-bigalloc": {
    make: ["-t", "ext4", "-b", "4096", "-O", "bigalloc", "-C", "65536", "-N", "8000"],
    parts: [...ALL, "many"],
    size: 256,
  },
  "ext4-bigalloc-1k": { make: ["-t", "ext4", "-b", "1024", "-O", "bigalloc", "-C", "4096"], parts: COMMON },
  "ext4-inline": { make: ["-t", "ext4", "-b", "4096", "-O", "inline_data"], parts: [...ALL, "inline", "many"] },
  "ext4-inline-big": {
    make: ["-t", "ext4", "-b", "4096", "-O", "inline_data,^metadata_csum", "-I", "1024"],
    parts: ["basic", "inline", "xattrs"],
  },
  "ext4-ea-inode": {
    make: ["-t", "ext4", "-b", "4096", "-O", "ea_inode,inline_data"],
    parts: [...COMMON, "big_xattrs"],
  },
  "ext4-ea-inode-no-csum": {
    make: ["-t", "ext4", "-O", "ea_inode,^metadata_csum", "-b", "1024"],
    parts: ["basic", "big_xattrs"],
  },
  "ext4-csum-seed": {
    make: ["-t", "ext4", "-b", "4096", "-O", "metadata_csum_seed,orphan_file,sparse_super2,mmp"],
    parts: ["basic", "many"],
  },
  "ext4-large-dir": {
    make: ["-t", "ext4", "-b", "1024", "-N", "45000", "-O", "large_dir"],
    parts: ["deep_tree"],
    size: 128,
  },
  "ext3-4k": { make: ["-t", "ext3", "-b", "4096", "-I", "128"], parts: [...COMMON, "many"] },
  "ext2-1k": { make: ["-t", "ext2", "-b", "1024"], parts: [...COMMON, "many"] },
  "ext2-revision-0": { make: ["-t", "ext2", "-r", "0", "-b", "1024"], parts: ["basic"] },
  ...Object.fromEntries(
    ["legacy", "half_md4", "tea"].flatMap((hash) =>
      [1, 2].map((sign): [string, Recipe] => [
        `hash-${hash}-${sign === 1 ? "signed" : "unsigned"}`,
        {
          make: [
            "-t",
            "ext4",
            "-b",
            "1024",
            "-N",
            "1500",
            "-E",
            `hash_seed=${"0123abcd-".repeat(1)}1111-4222-8333-444455556666`,
          ],
          tune: [`ssv def_hash_version ${hash}`, `ssv flags ${sign}`],
          parts: ["hashed"],
          size: 8,
        },
      ]),
    ),
  ),
};

/** Images that the kernel here cannot mount, or not write to: filled by mke2fs from a folder. */
export const FROM_FOLDER: Readonly<Record<string, Recipe>> = {
  "ext4-64k": { make: ["-t", "ext4", "-b", "65536"], parts: ["basic"] },
  "ext4-casefold": { make: ["-t", "ext4", "-b", "4096", "-O", "casefold"], parts: ["basic"] },
  "ext4-quota": { make: ["-t", "ext4", "-b", "4096", "-O", "quota,project,verity"], parts: ["basic"] },
};

export async function imageFromFolder(name: string, recipe: Recipe): Promise<{ file: string; folder: string }> {
  const script = await readFile(populate, "utf8");
  const dir = await fixture(
    `ext4-${name}`,
    { recipe, script, version: 1 },
    async (target) => {
      const folder = join(target, "folder");
      await mkdir(folder);
      await fill(folder, recipe.parts);
      await make(join(target, "image"), { ...recipe, make: [...recipe.make, "-d", folder] });
    },
    (made) => isExt(join(made, "image"), "clean"),
  );
  return { file: join(dir, "image"), folder: join(dir, "folder") };
}

/** A folder of it is encrypted; the key was never stored. */
export const ENCRYPTED: Recipe = { make: ["-t", "ext4", "-b", "4096", "-O", "encrypt"], parts: ["basic", "encrypted"] };

/** The image of a recipe, made once and kept. */
export async function image(name: string, recipe: Recipe): Promise<string> {
  const script = await readFile(populate, "utf8");
  const dir = await fixture(
    `ext4-${name}`,
    { recipe, script, version: 3 },
    async (target) => {
      const file = join(target, "image");
      await make(file, recipe);
      await withMount(file, "rw", (mount) => fill(mount, recipe.parts));
    },
    (made) => isExt(join(made, "image"), "clean"),
  );
  return join(dir, "image");
}

export async function make(file: string, { make: options, tune = [], size = 64 }: Recipe): Promise<void> {
  await run("truncate", ["-s", `${size}M`, file]);
  await run("mke2fs", ["-q", "-F", ...options, file]);
  for (const request of tune) await run("debugfs", ["-w", "-R", request, file]);
}

export async function fill(mount: string, parts: readonly string[]): Promise<void> {
  await run("python3", [populate, mount, ...parts]);
}

/** What a recipe makes, and how it is mounted for the last parts, after which its image is taken while still mounted. */
export interface DirtyRecipe extends Recipe {
  readonly options?: string;
  readonly last: readonly string[];
}

export const DIRTY: Readonly<Record<string, DirtyRecipe>> = {
  "dirty-ext4": { make: ["-t", "ext4", "-b", "4096"], parts: ["basic"], last: ["churn", "unlinked"] },
  "dirty-ext4-1k": { make: ["-t", "ext4", "-b", "1024"], parts: ["basic"], last: ["churn"] },
  "dirty-ext4-no-csum": {
    make: ["-t", "ext4", "-b", "4096", "-O", "^metadata_csum,^64bit"],
    parts: ["basic"],
    last: ["churn", "many"],
  },
  "dirty-ext3": { make: ["-t", "ext3", "-b", "1024"], parts: ["basic"], last: ["churn", "unlinked"] },
  "dirty-data": {
    make: ["-t", "ext4", "-b", "4096"],
    parts: ["basic"],
    options: "rw,data=journal",
    last: ["churn", "escaped"],
  },
  "dirty-data-no-csum": {
    make: ["-t", "ext3", "-b", "1024"],
    parts: [],
    options: "rw,data=journal",
    last: ["churn", "escaped"],
  },
  "dirty-wrapped": {
    make: ["-t", "ext4", "-J", "size=4", "-b", "1024"],
    parts: [],
    last: ["churn", "churn_again", "many"],
  },
};

/** Its last changes are in the fast-commit area. */
export const FAST_COMMITS: DirtyRecipe = {
  make: ["-t", "ext4", "-b", "4096", "-O", "fast_commit"],
  parts: [],
  last: ["fast_commits"],
};

/** An image taken while it was mounted: its journal holds what is not in its place yet. */
export async function dirtyImage(name: string, recipe: DirtyRecipe): Promise<string> {
  const script = await readFile(populate, "utf8");
  const dir = await fixture(
    `ext4-${name}`,
    { recipe, script, version: 5 },
    async (target) => {
      const file = join(target, "image.live");
      await make(file, recipe);
      await withMount(file, "rw", (at) => fill(at, recipe.parts));
      await withMount(file, recipe.options ?? "rw", async (at) => {
        await fill(at, [...recipe.last, "sync_log"]);
        await copyImage(file, join(target, "image"));
      });
      await rm(file);
    },
    (made) => isExt(join(made, "image"), "dirty"),
  );
  return join(dir, "image");
}

/** A copy of an image that may be written, sparse. */
export async function copyImage(from: string, to: string): Promise<string> {
  await run("cp", ["--sparse=always", from, to]).catch(() => copyFile(from, to));
  return to;
}
