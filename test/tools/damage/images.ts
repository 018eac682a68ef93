import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { isExt, isSoundQcow2 } from "../../support/proof.ts";
import { run } from "../../support/run.ts";
import { blockImages } from "./block-images.ts";
import { btrfsImages } from "./btrfs-images.ts";
import { extentImages } from "./extent-images.ts";
import { xfsImages } from "./xfs-images.ts";

/** Which structures an image has; `blocks` are VDI, VHD and VHDX, `extents` VMDK, QED and Parallels, `qcow` its version 1. */
export type Family = "ext4" | "fat" | "disk" | "qcow2" | "blocks" | "extents" | "qcow" | "xfs" | "btrfs";

const populate = fileURLToPath(new URL("populate.py", import.meta.url));
const RECIPE_VERSION = 4;
const UUID = "0123abcd-1111-4222-8333-444455556666";

/** mke2fs options, what it is filled with, and whether it is taken while mounted, its journal full. */
interface ExtRecipe {
  readonly kib: number;
  readonly options: readonly string[];
  readonly parts: readonly string[];
  readonly dirty?: boolean;
}

const EXT: Readonly<Record<string, ExtRecipe>> = {
  "ext4-plain": {
    kib: 384,
    options: ["-t", "ext4", "-O", "^has_journal,metadata_csum,64bit"],
    parts: ["plain", "links", "many", "sparse", "xattrs"],
  },
  "ext4-deep": { kib: 768, options: ["-t", "ext4", "-O", "^has_journal,metadata_csum"], parts: ["deep"] },
  "ext4-inline": {
    kib: 256,
    options: ["-t", "ext4", "-O", "^has_journal,inline_data,ea_inode,metadata_csum_seed"],
    parts: ["plain", "links", "inline", "xattrs", "big_xattr"],
  },
  "ext4-groups": {
    kib: 1024,
    options: ["-t", "ext4", "-O", "^has_journal,^metadata_csum,uninit_bg,meta_bg,^resize_inode", "-g", "256"],
    parts: ["plain", "links", "many", "sparse"],
  },
  "ext4-bigalloc": {
    kib: 768,
    options: ["-t", "ext4", "-O", "^has_journal,bigalloc", "-C", "4096"],
    parts: ["plain", "links", "sparse", "xattrs"],
  },
  ext2: { kib: 256, options: ["-t", "ext2"], parts: ["plain", "links", "many", "far", "sparse"] },
  "ext4-dirty": { kib: 2560, options: ["-t", "ext4", "-J", "size=1"], parts: ["plain", "links"], dirty: true },
  "ext3-dirty": { kib: 2560, options: ["-t", "ext3", "-J", "size=1"], parts: ["plain", "links"], dirty: true },
};

const FAT: Readonly<Record<string, { readonly kib: number; readonly options: readonly string[] }>> = {
  fat12: { kib: 256, options: ["-F", "12"] },
  fat16: { kib: 2200, options: ["-F", "16", "-s", "1"] },
  // mtools takes no FAT32 with fewer clusters than Microsoft allows.
  fat32: { kib: 34_304, options: ["-F", "32", "-s", "1"] },
};

/** qemu-img's options for a disk's contents. */
const QCOW2: Readonly<Record<string, readonly string[]>> = {
  "qcow2-v2": ["-o", "cluster_size=4k,compat=0.10"],
  "qcow2-v3": ["-o", "cluster_size=4k"],
  "qcow2-zlib": ["-c", "-o", "cluster_size=4k"],
  "qcow2-zstd": ["-c", "-o", "cluster_size=16k,compression_type=zstd"],
  "qcow2-subclusters": ["-o", "cluster_size=16k,extended_l2=on"],
};

/** An image and the other files that it names. */
export interface BaseImage {
  readonly name: string;
  readonly family: Family;
  readonly bytes: Uint8Array;
}

/** Every base image, built once by mkfs, sfdisk and qemu-img; `files` are all of them by name. */
export async function baseImages(): Promise<{ images: BaseImage[]; files: ReadonlyMap<string, Uint8Array> }> {
  const recipe = { EXT, FAT, QCOW2, script: await readFile(populate, "utf8"), version: RECIPE_VERSION };
  const dir = await fixture("damage", recipe, build, prove);
  const names = (await readdir(dir)).filter((name) => !name.startsWith("ext4-root")).sort();
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, new Uint8Array(await readFile(join(dir, name))));
  const extents = extentImages(files.get("parent") ?? new Uint8Array());
  const others = [blockImages(), extents, await xfsImages(), await btrfsImages()];
  for (const [name, bytes] of others.flatMap((each) => [...each])) files.set(name, bytes);
  const images = [...files].filter(([name]) => name !== "parent");
  return { files, images: images.map(([name, bytes]) => ({ name, bytes, family: familyOf(name) })) };
}

function familyOf(name: string): Family {
  if (name.startsWith("ext")) return "ext4";
  if (name.startsWith("fat")) return "fat";
  if (name.startsWith("xfs")) return "xfs";
  if (name.startsWith("btrfs")) return "btrfs";
  if (/^v(?:di|hd|hdx)-/.test(name)) return "blocks";
  if (name.startsWith("qcow-")) return "qcow";
  if (/^(?:vmdk|qed|parallels)-/.test(name)) return "extents";
  return name.startsWith("qcow2") ? "qcow2" : "disk";
}

async function build(dir: string): Promise<void> {
  for (const [name, recipe] of Object.entries(EXT)) await makeExt(dir, name, recipe);
  for (const [name, recipe] of Object.entries(FAT)) await makeFat(dir, name, recipe.kib, recipe.options);
  await makeDisks(dir);
  await makeQcow2(dir);
}

async function prove(dir: string): Promise<void> {
  for (const [name, { dirty }] of Object.entries(EXT)) await isExt(join(dir, name), dirty ? "dirty" : "clean");
  for (const name of Object.keys(QCOW2)) await isSoundQcow2(join(dir, name));
}

async function makeFolder(dir: string, parts: readonly string[]): Promise<string> {
  const folder = join(dir, "folder");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await run("python3", [populate, folder, ...parts]);
  return folder;
}

const CLOCK = { E2FSPROGS_FAKE_TIME: "1700000000" };

async function makeExt(dir: string, name: string, { kib, options, parts, dirty }: ExtRecipe): Promise<void> {
  const file = join(dir, name);
  const folder = await makeFolder(dir, parts);
  const fixed = ["-q", "-F", "-b", "1024", "-N", "64", "-U", UUID, "-E", `hash_seed=${UUID}`, "-m", "0"];
  await run("truncate", ["-s", `${kib}K`, file]);
  await run("mke2fs", [...fixed, ...options, "-d", folder, file], CLOCK);
  // e2fsck -D gives large directories their hash tree; it exits with 1 for having changed something.
  await run("sh", ["-c", 'e2fsck -fyD "$1" >&2 || [ $? -eq 1 ]', "sh", file], CLOCK);
  await rm(folder, { recursive: true });
  if (dirty) await makeDirty(dir, file);
}

/** Changes files of the mounted image and takes it while they are in the journal alone. */
async function makeDirty(_dir: string, file: string): Promise<void> {
  await withMount(file, "rw", async (mount) => {
    await run("python3", ["-c", CHURN, mount]);
    await run("cp", [file, `${file}.taken`]);
  });
  await run("mv", [`${file}.taken`, file]);
}

const CHURN = `
import os, sys
os.chdir(sys.argv[1])
def sync(name):
    fd = os.open(name, os.O_RDWR | os.O_CREAT); os.write(fd, name.encode() * 99); os.fsync(fd); os.close(fd)
os.mkdir("gone")
for index in range(30): os.close(os.open("gone/" + str(index) * 60, os.O_CREAT))
sync("one")
for name in os.listdir("gone"): os.remove("gone/" + name)
os.rmdir("gone")
sync("two")
os.symlink("y" * 100, "dir/logged-link")
open("dir/logged", "wb").write(b"z" * 9000)
os.rename("small", "renamed")
sync("three")
`;

async function makeFat(dir: string, name: string, kib: number, options: readonly string[]): Promise<void> {
  const file = join(dir, name);
  const folder = await makeFolder(dir, ["plain"]);
  await run("truncate", ["-s", `${kib}K`, file]);
  await run("mkfs.fat", ["-i", "12345678", "-n", "ESP", "--invariant", ...options, file]);
  await run("sh", ["-c", 'mcopy -s -i "$1" "$2"/* ::', "sh", file, folder]);
  await rm(folder, { recursive: true });
}

/** A GPT with a root and an ESP, and an MBR with an extended partition. Sectors of 512 bytes. */
async function makeDisks(dir: string): Promise<void> {
  const root = join(dir, "ext4-root");
  await makeExt(dir, "ext4-root", { kib: 256, options: ["-t", "ext4", "-O", "^has_journal"], parts: ["system"] });
  const esp = join(dir, "fat12");
  const place = (content: string, disk: string, sector: number) =>
    run("dd", [`if=${content}`, `of=${disk}`, `seek=${sector}`, "conv=notrunc", "status=none"]);
  const table = (disk: string, kib: number, lines: readonly string[]) =>
    run("sh", [
      "-c",
      'truncate -s "$3K" "$2" && printf "%s\\n" "$1" | sfdisk -q --no-reread "$2"',
      "sh",
      lines.join("\n"),
      disk,
      `${kib}`,
    ]);
  const gpt = join(dir, "disk-gpt");
  const first = ["label: gpt", `label-id: ${UUID}`, "first-lba: 34", "grain: 512"];
  await table(gpt, 640, [...first, "start=64, size=512, type=U, name=ESP", "start=640, size=512, type=L, name=root"]);
  await place(esp, gpt, 64);
  await place(root, gpt, 640);
  const mbr = join(dir, "disk-mbr");
  await table(mbr, 896, [
    "label: dos",
    "label-id: 0x12345678",
    "grain: 512",
    "start=63, size=512, type=83",
    "start=600, size=1192, type=5",
    "start=640, size=512, type=6",
    "start=1200, size=512, type=83",
  ]);
  await place(root, mbr, 63);
  await place(esp, mbr, 640);
  await place(root, mbr, 1200);
}

async function makeQcow2(dir: string): Promise<void> {
  const img = (...args: string[]) => run("sh", ["-c", 'cd "$1" && shift && qemu-img "$@"', "sh", dir, ...args]);
  await run("cp", [join(dir, "disk-gpt"), join(dir, "parent")]);
  for (const [name, options] of Object.entries(QCOW2)) {
    await img("convert", "-f", "raw", "-O", "qcow2", ...options, "parent", name);
  }
  await img("create", "-q", "-f", "qcow2", "-o", "cluster_size=512", "-b", "parent", "-F", "raw", "qcow2-backing");
  await img("convert", "-f", "raw", "-O", "qcow", "parent", "qcow-plain");
  const packed = [0, 4, 320, 324].flatMap((kib) => ["-c", `write -c -P 3 ${kib}k 4k`]);
  await img("create", "-q", "-f", "qcow", "qcow-packed", "640k");
  await run("sh", [
    "-c",
    'cd "$1" && shift && qemu-io "$@" >/dev/null',
    "sh",
    dir,
    "-f",
    "qcow",
    ...packed,
    "qcow-packed",
  ]);
  await img("snapshot", "-c", "before", "qcow2-v3");
  await img("snapshot", "-c", "again", "qcow2-v3");
  await run("sh", ["-c", 'cd "$1" && qemu-io -f qcow2 -c "write -P 1 300k 9k" qcow2-v3 >/dev/null', "sh", dir]);
  const writes = ["write -P 7 4k 9k", "write -z 600k 8k"].flatMap((each) => ["-c", each]);
  await run("sh", [
    "-c",
    'cd "$1" && shift && qemu-io "$@" >/dev/null',
    "sh",
    dir,
    "-f",
    "qcow2",
    ...writes,
    "qcow2-backing",
  ]);
  await writeFile(join(dir, "ext4-root"), "");
}
