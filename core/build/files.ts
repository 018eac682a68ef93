import { mkdir } from "node:fs/promises";
import type { FileSystem } from "../filesystem/filesystem.ts";
import type { Tree } from "../filesystem/tree.ts";
import { readCallerFile } from "../host/caller-files.ts";
import { partialBeside } from "../host/partial.ts";
import type { CallerPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { reasonOf } from "../kit/system-error.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { windowSource } from "../source/window.ts";
import { type Edit, type EditOptions, editImage } from "./edit.ts";
import { checkExt, proveExt } from "./ext.ts";
import { writeExtFiles } from "./ext-files.ts";
import { noRoot, placeFiles, placeOf } from "./file-place.ts";
import { type GuestImage, openGuestDisk, openGuestTree } from "./guest-disk.ts";
import { demandFat, writeVfatFiles } from "./vfat-files.ts";
import type { PlacedFile, WantedFile } from "./wanted-file.ts";

/**
 * Puts files into an image, all or none. Links in the parents are followed inside the image alone; a link in the last
 * place is replaced. Every file is read back and compared.
 * What lies in a file system that no tool writes to, a kernel writes in the appliance.
 * Throws `E_FILES_ROOT`, `E_FILES_KIND`, `E_FILES_NAME`, `E_FILES_FAT`, `E_FILES_UNPROVEN`, `E_FILES_KERNEL`, `E_FILESYSTEM_DAMAGED`,
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
      for (const { way, type, placed } of await placeFiles(image, files, stage.path)) {
        if (way.kind === "kernel")
          await (await import("./kernel-files.ts")).writeKernelFiles(disk, way, placed, context);
        else {
          await disk.editWindow(way.window, way.window.size, async (file) => {
            notes.push(...(await change(file, type, placed, context)));
          });
        }
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
  for (const path of paths) used.add((await placeOf(path, guest.tree)).mount);
  for (const fs of used) {
    const way = guest.wayTo(fs);
    if (way.kind === "kernel") await (await import("./kernel-files.ts")).demandKernel();
    else if (fs.type === "vfat") await demandFat(windowSource(disk.image, way.window.start, way.window.size));
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
