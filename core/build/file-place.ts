import { join } from "node:path";
import type { FileSystem } from "../filesystem/filesystem.ts";
import type { Tree } from "../filesystem/tree.ts";
import { writeFile } from "../host/write-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { encodeName, printable } from "../kit/name.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { openGuestDisk, openGuestTree, type Way } from "./guest-disk.ts";
import type { PlacedFile, WantedFile } from "./wanted-file.ts";

/** The files of one file system. */
export interface FileGroup {
  readonly way: Way;
  readonly type: string;
  readonly placed: PlacedFile[];
}

/** Where each file goes, by file system. Looked up in the image as it was, so that nothing is guessed by a shell. */
export async function placeFiles(
  image: ImageFile,
  files: readonly WantedFile[],
  stage: string,
): Promise<readonly FileGroup[]> {
  await using disk = await openGuestDisk(image);
  const guest = await openGuestTree(disk);
  if (!guest) throw noRoot(image.path);
  const groups = new Map<FileSystem, FileGroup>();
  for (const [index, file] of files.entries()) {
    const { mount, ...place } = await placeOf(file.path, guest.tree);
    const staged = join(stage, String(index));
    await writeFile(staged, file.bytes, { mode: 0o600 });
    const group = groups.get(mount) ?? { way: guest.wayTo(mount), type: mount.type, placed: [] };
    group.placed.push({ ...file, ...place, staged });
    groups.set(mount, group);
  }
  return [...groups.values()];
}

/** A place, and the file system that is mounted there. */
interface Place extends Pick<PlacedFile, "parent" | "folder" | "missing" | "name" | "existing"> {
  readonly mount: FileSystem;
}

/** Where a file goes. Follows the parents as far as they exist. */
export async function placeOf(path: string, tree: Tree): Promise<Place> {
  const names = namesOf(path);
  const name = names.at(-1) as string;
  let depth = names.length - 1;
  const parentPath = () => `/${names.slice(0, depth).join("/")}`;
  let found = await tree.locate(parentPath());
  while (!found && depth > 0) {
    if (await tree.resolve(parentPath(), { follow: false })) throw dangling(path, parentPath());
    depth--;
    found = await tree.locate(parentPath());
  }
  if (!found || (await found.node.fs.stat(found.node.inode)).type !== "directory")
    throw notDirectory(path, parentPath());
  const { node: parent, mount, names: folder } = found;
  const missing = names.slice(depth, -1);
  const existing = missing.length > 0 ? null : await tree.child(parent, encodeName(name));
  if (existing && (await existing.fs.stat(existing.inode)).type === "directory") throw isDirectory(path);
  return { parent, mount, folder, missing, name, existing };
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

export function noRoot(path: string): GuestkitError {
  return new GuestkitError(
    "E_FILES_ROOT",
    `Cannot write files into "${path}": it has no root file system to write to`,
    {
      at: { file: path, field: ["files"] },
      help: "files needs an ext2/3/4, FAT, xfs or btrfs file system: one with a system on it, or the only one on the disk.",
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
