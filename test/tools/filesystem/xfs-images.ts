import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { run } from "../../support/run.ts";

const own = fileURLToPath(new URL("xfs-populate.py", import.meta.url));
const common = fileURLToPath(new URL("ext4-populate.py", import.meta.url));

/** An image as it is made: mkfs.xfs with `make`, mounted and filled with the parts of the two programs. */
export interface Recipe {
  readonly make: readonly string[];
  /** Of ext4-populate.py. */
  readonly parts?: readonly string[];
  /** Of xfs-populate.py. */
  readonly own?: readonly string[];
  /** As truncate takes it. */
  readonly size?: string;
  /** `xfs_db -x -c` requests after that. */
  readonly tune?: readonly string[];
}

const COMMON = ["basic", "times", "sparse", "unwritten", "huge", "xattrs"];
const OWN = ["links", "directories", "attributes"];

/** Images of version 5 that the kernel here can mount. */
export const MOUNTED: Readonly<Record<string, Recipe>> = {
  default: { make: [], parts: [...COMMON, "many", "big_xattrs"], own: OWN },
  "1k": { make: ["-b", "size=1024"], parts: COMMON, own: [...OWN, "fragmented"] },
  "1k-plain": {
    make: ["-b", "size=1024", "-m", "reflink=0,finobt=0,bigtime=0,inobtcount=0", "-i", "sparse=0"],
    parts: COMMON,
    own: OWN,
  },
  "2k-large-directories": { make: ["-b", "size=2048", "-i", "size=1024", "-n", "size=65536"], parts: COMMON, own: OWN },
  "large-inodes": { make: ["-n", "size=8192", "-m", "rmapbt=1", "-i", "nrext64=1,size=2048"], parts: COMMON, own: OWN },
  "16k": { make: ["-b", "size=16384", "-s", "size=4096"], parts: ["basic", "sparse", "xattrs"], own: OWN },
  "64k": { make: ["-b", "size=65536", "-l", "size=64m"], parts: ["basic", "xattrs"], own: OWN, size: "1G" },
  scattered: { make: ["-b", "size=1024", "-i", "nrext64=1"], own: ["scattered"] },
  "other-uuid": { make: [], parts: ["basic", "xattrs"], own: ["directories"], tune: ["uuid generate"] },
  pieces: {
    make: ["--unsupported", "-b", "size=1024", "-n", "size=8192", "-d", "agcount=1", "-m", "reflink=0"],
    own: ["pieces"],
    size: "16M",
  },
  vast: { make: ["-d", "agcount=9", "-l", "size=64m"], own: ["groups"], size: "8T" },
};

/** What a recipe makes, and what is done last: its image is taken while that is in its log. */
export interface DirtyRecipe extends Recipe {
  /** Of xfs-populate.py. */
  readonly last: readonly string[];
  /** Of ext4-populate.py, before these. */
  readonly before?: readonly string[];
  /** Taken as it stands while mounted, or after the file system was stopped: its log written to the end, or not. */
  readonly taken: "mounted" | "flushed" | "stopped";
  readonly options?: string;
}

/** No log may be that small otherwise. */
const SMALL_LOG = ["--unsupported", "-l", "size=9m"];

export const DIRTY: Readonly<Record<string, DirtyRecipe>> = {
  "dirty-default": { make: [], parts: ["basic"], before: ["churn"], last: ["busy"], taken: "mounted" },
  "dirty-reflinks": { make: ["-m", "rmapbt=1"], last: ["reflinks", "busy", "deleted"], taken: "flushed" },
  "dirty-1k": { make: ["-b", "size=1024"], parts: ["basic", "xattrs"], last: ["busy", "attributes"], taken: "flushed" },
  "dirty-stopped": { make: [], parts: ["basic"], before: ["churn", "many"], last: ["busy"], taken: "stopped" },
  "dirty-wrapped": {
    make: ["-b", "size=1024", "-m", "reflink=0,bigtime=0", "-i", "nrext64=1", ...SMALL_LOG],
    own: ["rounds"],
    last: ["rounds", "busy"],
    taken: "flushed",
  },
  "dirty-large-records": {
    make: ["-n", "size=16384", "-s", "size=4096"],
    options: "rw,logbsize=256k",
    last: ["rounds", "busy", "directories"],
    taken: "mounted",
  },
};

/** An image whose log holds what is not in its place yet. */
export async function dirtyXfsImage(name: string, recipe: DirtyRecipe): Promise<string> {
  const scripts = [await readFile(common, "utf8"), await readFile(own, "utf8")];
  const dir = await fixture(
    `xfs-${name}`,
    { recipe, scripts, version: 2 },
    async (target) => {
      const live = join(target, "live");
      await make(live, recipe);
      await withMount(live, "rw", (mount) => fill(mount, recipe));
      await withMount(live, recipe.options ?? "rw", async (mount) => {
        await fill(mount, { make: [], parts: recipe.before ?? [], own: recipe.last });
        if (recipe.taken === "mounted") await take(live, join(target, "image"));
        else await run("xfs_io", ["-x", "-c", recipe.taken === "flushed" ? "shutdown -f" : "shutdown", mount]);
      });
      if (recipe.taken !== "mounted") await take(live, join(target, "image"));
      await rm(live);
    },
    (made) => isDirty(join(made, "image")),
  );
  return join(dir, "image");
}

export async function take(live: string, image: string): Promise<void> {
  await run("cp", ["--sparse=always", live, image]);
}

async function isDirty(file: string): Promise<void> {
  const told = await run("xfs_logprint", ["-t", file]);
  if (!/<DIRTY>/.test(told)) throw new Error(`the log of ${file} has nothing to replay: ${told.slice(0, 500)}`);
}

/** The image of a recipe, made once and kept. */
export async function xfsImage(name: string, recipe: Recipe): Promise<string> {
  const scripts = [await readFile(common, "utf8"), await readFile(own, "utf8")];
  const dir = await fixture(
    `xfs-${name}`,
    { recipe, scripts, version: 2 },
    async (target) => {
      const file = join(target, "image");
      await make(file, recipe);
      await withMount(file, "rw", (mount) => fill(mount, recipe));
      // The log was written with zeros.
      await run("fallocate", ["--dig-holes", file]);
      for (const request of recipe.tune ?? []) await run("xfs_db", ["-x", "-c", request, file]);
    },
    (made) => isSound(join(made, "image")),
  );
  return join(dir, "image");
}

export async function make(file: string, { make: options, size = "300M" }: Recipe): Promise<void> {
  await run("truncate", ["-s", size, file]);
  await run("mkfs.xfs", ["-q", "-L", "label", ...options, file]);
}

export async function fill(mount: string, { parts = [], own: others = [] }: Recipe): Promise<void> {
  if (parts.length > 0) await run("python3", [common, mount, ...parts]);
  if (others.length > 0) await run("python3", [own, mount, ...others]);
}

/** Cleanly unmounted: `xfs_db` tells what the log says. */
async function isSound(file: string): Promise<void> {
  const told = await run("xfs_logprint", ["-t", file]);
  if (!/<CLEAN>/.test(told)) throw new Error(`${file} was not unmounted: ${told.slice(0, 500)}`);
}
