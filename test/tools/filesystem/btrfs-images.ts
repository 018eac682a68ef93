import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { run } from "../../support/run.ts";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** The parts that any file system can have, and those of btrfs alone. */
const COMMON = script("ext4-populate.py");
const OWN = script("btrfs-populate.py");

/** A file system as it is made: mkfs.btrfs with `make` over so many devices, tuned, mounted and filled. */
export interface Recipe {
  readonly make: readonly string[];
  /** btrfstune's options. */
  readonly tune?: readonly string[];
  readonly devices?: number;
  /** MiB of each device. */
  readonly size?: number;
  /** Mount options. */
  readonly options?: string;
  /** Of ext4-populate.py. */
  readonly common?: readonly string[];
  /** Of btrfs-populate.py. */
  readonly own?: readonly string[];
}

const FILES = ["basic", "sparse", "xattrs"];

export const SINGLE: Readonly<Record<string, Recipe>> = {
  default: {
    make: [],
    common: [...FILES, "times", "unwritten", "huge", "many"],
    own: ["subvolumes", "clones", "packable", "no_sums", "collisions"],
  },
  "default-subvolume": { make: [], own: ["subvolumes", "default"] },
  "nodes-4k": {
    make: ["-n", "4096", "-m", "single", "-O", "^no-holes,^extref,^skinny-metadata", "-R", "^free-space-tree"],
    common: [...FILES, "unwritten", "huge", "many"],
    own: ["clones", "collisions"],
  },
  "nodes-64k": { make: ["-n", "65536"], common: [...FILES, "many"], own: ["collisions"] },
  dup: { make: ["-d", "dup", "-m", "dup"], common: FILES, size: 256 },
  mixed: { make: ["--mixed", "-n", "4096"], common: FILES, own: ["clones"] },
  xxhash: { make: ["--csum", "xxhash"], common: FILES, own: ["packable"] },
  sha256: { make: ["--csum", "sha256"], common: FILES, own: ["packable"] },
  blake2: { make: ["--csum", "blake2"], common: FILES, own: ["packable"] },
  zlib: { make: [], options: "rw,compress-force=zlib", common: FILES, own: ["packable", "clones"] },
  lzo: { make: [], options: "rw,compress-force=lzo", common: FILES, own: ["packable", "clones"] },
  zstd: { make: [], options: "rw,compress-force=zstd", common: FILES, own: ["packable", "clones"] },
  "another-uuid": { make: [], tune: ["-m"], common: ["basic"] },
  "simple-quotas": { make: [], own: ["quotas", "subvolumes"] },
};

const SPREAD = { common: ["basic"], own: ["spread"] };

/** Over several devices; how many of them may be missing. */
export const SEVERAL: Readonly<Record<string, Recipe & { readonly devices: number; readonly spare: number }>> = {
  single: { make: ["-d", "single", "-m", "raid1"], devices: 3, spare: 0, ...SPREAD },
  raid0: { make: ["-d", "raid0", "-m", "raid1"], devices: 2, spare: 0, ...SPREAD },
  raid1: { make: ["-d", "raid1", "-m", "raid1"], devices: 2, spare: 1, ...SPREAD },
  raid1c3: { make: ["-d", "raid1c3", "-m", "raid1c3"], devices: 3, spare: 2, ...SPREAD },
  raid1c4: { make: ["-d", "raid1c4", "-m", "raid1c4"], devices: 4, spare: 3, ...SPREAD },
  raid10: { make: ["-d", "raid10", "-m", "raid10"], devices: 4, spare: 1, ...SPREAD },
};

/** Data on parity, which is not read; with and without sums. */
export const PARITY: Readonly<Record<string, Recipe>> = {
  raid5: { make: ["-d", "raid5", "-m", "raid1"], devices: 3, own: ["spread", "no_sums"] },
  raid6: { make: ["-d", "raid6", "-m", "raid1"], devices: 3, own: ["spread", "no_sums"] },
};

/** The images of a recipe, one a device, made once and kept. */
export async function images(name: string, recipe: Recipe): Promise<readonly string[]> {
  const scripts = [await readFile(COMMON, "utf8"), await readFile(OWN, "utf8")];
  const dir = await fixture(
    `btrfs-${name}`,
    { recipe, scripts, version: 1 },
    async (target) => {
      const files = await make(target, recipe);
      await withMount(files, recipe.options ?? "rw", (mount) => fill(mount, recipe));
    },
    async (made) => {
      for (const file of await imagesIn(made)) await isBtrfs(file, "clean");
    },
  );
  return imagesIn(dir);
}

/** Images caught while mounted, the last that was synced standing in their logs alone; by how they are made. */
export const LOGGED: readonly Recipe[] = [
  { make: [] },
  { make: ["-O", "^no-holes"] },
  { make: ["-n", "4096", "-m", "single"], options: "compress-force=lzo" },
  { make: [], options: "nodatasum" },
  { make: ["--csum", "xxhash"], options: "compress-force=zstd" },
];

/** One of them, made by the seed of its work. */
export async function loggedImage(recipe: Recipe, seed: number): Promise<string> {
  const program = await readFile(OWN, "utf8");
  const dir = await fixture(
    `btrfs-logged-${seed}`,
    { recipe, program, seed, version: 1 },
    async (target) => {
      const [file = ""] = await make(target, recipe);
      const live = join(target, "live");
      await run("mv", [file, live]);
      const options = ["rw", "commit=300", ...(recipe.options ? [recipe.options] : [])];
      await withMount(live, options.join(), async (mount) => {
        await fill(mount, { ...recipe, own: [`churn:${seed}`] });
        await run("cp", ["--sparse=always", live, file]);
      });
      await run("rm", [live]);
    },
    async (made) => isBtrfs((await imagesIn(made))[0] ?? "", "logged"),
  );
  return (await imagesIn(dir))[0] as string;
}

export async function imagesIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).sort().map((name) => join(dir, name));
}

export async function make(dir: string, { make: options, tune, devices = 1, size = 192 }: Recipe): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const files = Array.from({ length: devices }, (_, index) => join(dir, `device-${index + 1}`));
  for (const file of files) await run("truncate", ["-s", `${size}M`, file]);
  await run("mkfs.btrfs", ["-q", ...options, ...files]);
  if (tune) await run("btrfstune", ["-f", ...tune, files[0] as string]);
  return files;
}

export async function fill(mount: string, { common = [], own = [] }: Recipe): Promise<void> {
  if (common.length > 0) await run("python3", [COMMON, mount, ...common]);
  if (own.length > 0) await run("python3", [OWN, mount, ...own]);
}

/** A device of a btrfs that was unmounted, or ("logged") one whose log is still to be replayed. */
export async function isBtrfs(file: string, state: "clean" | "logged"): Promise<void> {
  const super_ = await run("btrfs", ["inspect-internal", "dump-super", file]);
  if (!/^csum\s.*\[match\]$/m.test(super_)) throw new Error(`${file} is no btrfs`);
  const isLogged = !/^log_root\s+0$/m.test(super_);
  if (isLogged !== (state === "logged")) throw new Error(`${file} ${isLogged ? "has" : "has not"} a log`);
}
