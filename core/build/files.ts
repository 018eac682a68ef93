import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileSystem } from "../filesystem/filesystem.ts";
import type { Tree, TreeNode } from "../filesystem/tree.ts";
import { readCallerFile } from "../host/caller-files.ts";
import { partialBeside } from "../host/partial.ts";
import { writeFile } from "../host/write-file.ts";
import type { CallerPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { encodeName, printable } from "../kit/name.ts";
import { reasonOf } from "../kit/system-error.ts";
import type { DiskWindow, ImageFile } from "../qemu/block/node.ts";
import { windowSource } from "../source/window.ts";
import { type Edit, type EditOptions, editImage } from "./edit.ts";
import { checkExt, proveExt } from "./ext.ts";
import { writeExtFiles } from "./ext-files.ts";
import { type GuestImage, openGuestDisk, openGuestTree } from "./guest-disk.ts";
import { demandFat, writeVfatFiles } from "./vfat-files.ts";
import type { PlacedFile, WantedFile } from "./wanted-file.ts";

/**
 * Puts files into an image, all or none. Links in the parents are followed inside the image alone; a link in the last
 * place is replaced. Every file is read back and compared.
 * Throws `E_FILES_ROOT`, `E_FILES_KIND`, `E_FILES_NAME`, `E_FILES_FAT`, `E_FILES_UNPROVEN`, `E_FILESYSTEM_DAMAGED`,
 * `E_FILESYSTEM_FEATURES`.
 */
export async function writeFiles(
  target: string,
  image: ImageFile,
  files: readonly WantedFile[],
  options: EditOptions,
  context: Context,
): Promise<void> {
  if (files.length === 0) return;
  await editImage(target, image, options, context, [fileEdit(target, image, files, context)]);
}

/** The same as one edit of several. */
export function fileEdit(target: string, image: ImageFile, files: readonly WantedFile[], context: Context): Edit {
  return {
    make: async (disk) => {
      context.progress({ phase: "writing files", total: files.length, unit: "items" });
      await using stage = partialBeside(target, "stage");
      await mkdir(stage.path, { mode: 0o700 });
      const notes: string[] = [];
      for (const { window, type, placed } of await placeFiles(image, files, stage.path)) {
        await disk.editWindow(window, window.size, async (file) => {
          notes.push(...(await change(file, type, placed, context)));
        });
      }
      return notes;
    },
    verify: (preview) => verifyFiles(preview, files),
  };
}

/**
 * Throws what keeps files from being put into an image that is there, as far as a look tells: `E_FILES_ROOT`,
 * `E_FILES_KIND`, `E_FILES_FAT`, `E_FILES_DEVICE`, `E_FILES_UNSURE`.
 */
export async function demandPlaces(image: GuestImage, paths: readonly string[]): Promise<void> {
  await using disk = await openGuestDisk(image);
  const guest = await openGuestTree(disk);
  if (!guest) throw noRoot(image.path);
  const used = new Set<FileSystem>();
  for (const path of paths) used.add((await placeOf(path, guest.tree)).parent.fs);
  for (const fs of used) {
    const { start, size } = guest.windowOf(fs);
    if (fs.type === "vfat") await demandFat(windowSource(disk.image, start, size));
  }
}

async function change(
  file: string,
  type: string,
  placed: readonly PlacedFile[],
  context: Context,
): Promise<readonly string[]> {
  if (type === "vfat") return writeVfatFiles(file, placed, context);
  await checkExt(file, "write files", context);
  await writeExtFiles(file, placed, context);
  await proveExt(file, "write files", context);
  return [];
}

/** The files of one file system. */
interface Group {
  readonly window: DiskWindow;
  readonly type: string;
  readonly placed: PlacedFile[];
}

/** Where each file goes, by file system. Looked up in the image as it was, so that nothing is guessed by a shell. */
async function placeFiles(image: ImageFile, files: readonly WantedFile[], stage: string): Promise<readonly Group[]> {
  await using disk = await openGuestDisk(image);
  const guest = await openGuestTree(disk);
  if (!guest) throw noRoot(image.path);
  const groups = new Map<FileSystem, Group>();
  for (const [index, file] of files.entries()) {
    const each = await place(file, guest.tree, join(stage, String(index)));
    const { fs } = each.parent;
    const group = groups.get(fs) ?? { window: guest.windowOf(fs), type: fs.type, placed: [] };
    group.placed.push(each);
    groups.set(fs, group);
  }
  return [...groups.values()];
}

async function place(file: WantedFile, tree: Tree, staged: string): Promise<PlacedFile> {
  const found = await placeOf(file.path, tree);
  await writeFile(staged, file.bytes, { mode: 0o600 });
  return { ...file, ...found, staged, folder: await pathWithin(found.parent) };
}

type Place = Pick<PlacedFile, "parent" | "missing" | "name" | "existing">;

/** Where a file goes in a file system that can be written to. Follows the parents as far as they exist. */
async function placeOf(path: string, tree: Tree): Promise<Place> {
  const names = namesOf(path);
  const name = names.at(-1) as string;
  let depth = names.length - 1;
  const parentPath = () => `/${names.slice(0, depth).join("/")}`;
  let parent = await tree.resolve(parentPath());
  while (!parent && depth > 0) {
    if (await tree.resolve(parentPath(), { follow: false })) throw dangling(path, parentPath());
    depth--;
    parent = await tree.resolve(parentPath());
  }
  if (!parent || (await parent.fs.stat(parent.inode)).type !== "directory") throw notDirectory(path, parentPath());
  if (!/^(vfat|ext[234])$/.test(parent.fs.type)) throw unwritable(path, parent.fs.type);
  const missing = names.slice(depth, -1);
  const existing = missing.length > 0 ? null : await tree.child(parent, encodeName(name));
  if (existing && (await existing.fs.stat(existing.inode)).type === "directory") throw isDirectory(path);
  return { parent, missing, name, existing };
}

function namesOf(path: string): readonly string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  const bad = names.length === 0 || names.some((name) => name === ".." || /\p{Cc}/u.test(name) || tooLong(name));
  if (!bad) return names;
  throw new GuestkitError("E_FILES_NAME", `Cannot write "${printable(path)}": the name cannot be written`, {
    help: "Use an absolute path without .. and control characters, each name at most 255 bytes.",
  });
}

const tooLong = (name: string) => encodeName(name).length > 255;

/** The names that lead from a FAT's root to a directory: mtools takes no inode numbers. */
async function pathWithin(node: TreeNode): Promise<readonly Uint8Array[]> {
  if (node.fs.type !== "vfat") return [];
  const walk = async (inode: number, trail: readonly Uint8Array[]): Promise<readonly Uint8Array[] | null> => {
    if (inode === node.inode) return trail;
    if (trail.length > 64) return null;
    for await (const batch of node.fs.entries(inode)) {
      for (const entry of batch) {
        if ((await node.fs.stat(entry.inode)).type !== "directory") continue;
        const found = await walk(entry.inode, [...trail, entry.name]);
        if (found) return found;
      }
    }
    return null;
  };
  return (await walk(node.fs.root, [])) ?? [];
}

/** Tools report success when they failed: what counts is what our own reader finds. */
async function verifyFiles(image: ImageFile, files: readonly WantedFile[]): Promise<void> {
  await using disk = await openGuestDisk(image);
  const guest = await openGuestTree(disk);
  for (const file of files) {
    const why = guest ? await differenceOf(guest.tree, file) : "there is no root any more";
    if (why === null) continue;
    throw new GuestkitError(
      "E_FILES_UNPROVEN",
      `Cannot write "${printable(file.path)}": after it was written, ${why}`,
      {
        at: { file: image.path },
        help: "Is the file system in the image full? See: guestkit inspect",
      },
    );
  }
}

/** How a file in an image differs from what is wanted, in words; null where it does not. */
export async function differenceOf(tree: Tree, file: WantedFile): Promise<string | null> {
  const node = await tree.resolve(file.path, { follow: false });
  if (!node) return "it is missing from the image";
  const stat = await node.fs.stat(node.inode);
  if (stat.type !== "file") return `it is a ${stat.type} in the image`;
  if (!(await sameContent(node, file.bytes, stat.size))) return "its content was changed inside the image";
  if (node.fs.type === "vfat") return null;
  if (stat.mode !== file.mode) return `its mode is ${octal(stat.mode)} in the image, not ${octal(file.mode)}`;
  if (stat.uid === file.uid && stat.gid === file.gid) return null;
  return `its owner is ${stat.uid}:${stat.gid} in the image, not ${file.uid}:${file.gid}`;
}

export const octal = (mode: number) => mode.toString(8).padStart(4, "0");

async function sameContent(node: { fs: FileSystem; inode: number }, bytes: Uint8Array, size: number): Promise<boolean> {
  if (size !== bytes.length) return false;
  const source = await node.fs.open(node.inode);
  for (let at = 0; at < size; at += 1 << 20) {
    const piece = await source.read(at, Math.min(1 << 20, size - at));
    if (Buffer.compare(piece, bytes.subarray(at, at + piece.length)) !== 0) return false;
  }
  return true;
}

/** The bytes of a file of the caller's that an image file is to get. Throws `E_FILES_SOURCE`. */
export async function readFileSource(
  path: CallerPath,
  field: readonly (string | number)[],
  context: Pick<Context, "files">,
): Promise<Uint8Array> {
  try {
    return await readCallerFile(path, context);
  } catch (cause) {
    throw new GuestkitError("E_FILES_SOURCE", `Cannot read "${path}": ${reasonOf(cause)}`, {
      cause,
      at: { file: String(path), field },
    });
  }
}

function noRoot(path: string): GuestkitError {
  return new GuestkitError(
    "E_FILES_ROOT",
    `Cannot write files into "${path}": it has no root file system to write to`,
    {
      at: { file: path, field: ["files"] },
      help: "files needs an ext2/3/4 or FAT file system: one with a system on it, or the only one on the disk.",
    },
  );
}

function unwritable(path: string, type: string): GuestkitError {
  return new GuestkitError(
    "E_FILES_ROOT",
    `Cannot write "${printable(path)}": ${type || "this file system"} is only read`,
    {
      at: { field: ["files"] },
      help: "files can be written to ext2/3/4 and FAT.",
    },
  );
}

function isDirectory(path: string): GuestkitError {
  return new GuestkitError("E_FILES_KIND", `Cannot write "${printable(path)}": it is a directory in the image`);
}

function notDirectory(path: string, parent: string): GuestkitError {
  return new GuestkitError("E_FILES_KIND", `Cannot write "${printable(path)}": "${printable(parent)}" is no directory`);
}

function dangling(path: string, link: string): GuestkitError {
  return new GuestkitError(
    "E_FILES_KIND",
    `Cannot write "${printable(path)}": "${printable(link)}" is a link to nothing`,
    {
      help: "Name the directory itself.",
    },
  );
}
