import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { octal } from "../../build/files.ts";
import { type GuestTree, openGuestDisk, openGuestTree } from "../../build/guest-disk.ts";
import type { WantedFile } from "../../build/wanted-file.ts";
import type { Drift } from "../../engine/implementation.ts";
import type { FileStat, FileSystem } from "../../filesystem/filesystem.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { lookAt } from "../../host/look.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";
import type { ImageFile } from "../../qemu/block/node.ts";
import { stream } from "../../source/source.ts";
import { attributesOf, type CanonicalInput, type DeclaredFile, type Filed, isSecret, wantedFile } from "./input.ts";

/** What is kept of a file that was put into an image. */
export interface RememberedFile {
  readonly path: string;
  /** Of the content; null for a secret, of which nothing is kept. */
  readonly sha256: string | null;
  /** Inode and time of a secret's file, which change when somebody writes to it. */
  readonly mark: string | null;
}

/** Longest text that is shown in a plan (bytes). */
const SHOWN = 64 << 10;

/** What to remember of the files that are in the image now. */
export async function rememberFiles(input: CanonicalInput, image: ImageFile, context: Filed): Promise<ValueObject[]> {
  if (input.files.length === 0) return [];
  await using disk = await openGuestDisk(image);
  const guest = await openGuestTree(disk);
  const remembered: ValueObject[] = [];
  for (const [index, file] of input.files.entries()) {
    const wanted = isSecret(file) ? null : await wantedFile(file, index, context);
    const sha256 = wanted && createHash("sha256").update(wanted.bytes).digest("hex");
    remembered.push({ path: file.path, sha256, mark: isSecret(file) && guest ? await markOf(guest, file.path) : null });
  }
  return remembered;
}

async function markOf(guest: GuestTree, path: string): Promise<string | null> {
  const node = await guest.tree.resolve(path, { follow: false });
  return node && markOfStat(await node.fs.stat(node.inode));
}

function markOfStat({ inode, mtime }: FileStat): string {
  return `${inode} ${mtime.seconds}.${mtime.nanoseconds}`;
}

export function rememberedFiles(details: ValueObject): readonly RememberedFile[] {
  const files: Value = details.files ?? null;
  return isList(files) ? files.filter(isObject).map((each) => each as unknown as RememberedFile) : [];
}

/** A declared file as the image has it: in the shape of the declaration, and what departs from that. */
export interface FileState {
  /** Null where it is not there. */
  readonly value: DeclaredFile | null;
  readonly drift: readonly Drift[];
}

/** One of the declared files, its place among them, and what is kept of it. */
export interface Known {
  readonly file: DeclaredFile;
  readonly index: number;
  readonly remembered: RememberedFile | undefined;
}

export async function fileState(
  guest: GuestTree | null,
  { file, index, remembered }: Known,
  context: Filed,
): Promise<FileState> {
  const gone = (why: string): FileState => ({ value: null, drift: [drift(`files[${index}]`, file, why)] });
  const node = (await guest?.tree.resolve(file.path, { follow: false })) ?? null;
  if (!node) return gone("was deleted from the image");
  const found = await node.fs.stat(node.inode);
  if (found.type !== "file") return gone(`is a ${found.type} in the image`);
  const attributes = node.fs.type === "vfat" ? attributesOf(file) : found;
  const { mode, uid, gid } = attributes;
  const at = (field: string) => `files[${index}].${field}`;
  const wanted = attributesOf(file);
  const changed = await contentChanged(node.fs, found, file, remembered);
  const departures = [
    ...(changed ? [drift(at(contentField(file)), file, "was changed inside the image")] : []),
    ...(await sourceChanged(file, remembered, context)).map((why) => drift(at("source"), file, why)),
    ...(mode === wanted.mode ? [] : [drift(at("mode"), file, `has mode ${octal(mode)} in the image`)]),
    ...(uid === wanted.uid ? [] : [drift(at("uid"), file, `belongs to user ${uid} in the image`)]),
    ...(gid === wanted.gid ? [] : [drift(at("gid"), file, `belongs to group ${gid} in the image`)]),
  ];
  const shown = changed && file.content !== null ? await textOf(node.fs, found) : null;
  const value = { ...file, mode: mode === wanted.mode ? file.mode : octal(mode), uid, gid };
  return { value: shown === null ? value : { ...value, content: shown }, drift: departures };
}

function drift(path: string, file: DeclaredFile, what: string): Drift {
  return { path, why: `${file.path} ${what}`, action: "update" };
}

function contentField(file: DeclaredFile): string {
  if (file.source !== null) return "source";
  return isSecret(file) ? "secret_content" : "content";
}

async function contentChanged(
  fs: FileSystem,
  found: FileStat,
  file: DeclaredFile,
  remembered: RememberedFile | undefined,
): Promise<boolean> {
  if (!remembered) return true;
  // The record of a secret without a version tells nothing else of it.
  if (isSecret(file) || remembered.sha256 === null) return markOfStat(found) !== remembered.mark;
  return (await digestOf(fs, found.inode)) !== remembered.sha256;
}

async function digestOf(fs: FileSystem, inode: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream(await fs.open(inode))) hash.update(chunk);
  return hash.digest("hex");
}

/** A file that is another one now is to be copied again; one that is gone, or another caller's, says nothing. */
async function sourceChanged(
  file: DeclaredFile,
  remembered: RememberedFile | undefined,
  context: Filed,
): Promise<string[]> {
  if (file.source === null || !remembered) return [];
  const wanted: WantedFile | null = await wantedFile(file, 0, context).catch(() => null);
  const sha256 = wanted && createHash("sha256").update(wanted.bytes).digest("hex");
  return sha256 === null || sha256 === remembered.sha256 ? [] : [`is to be a copy of "${file.source}", which changed`];
}

/** The text that stands in the image instead, where it is one. */
async function textOf(fs: FileSystem, found: FileStat): Promise<string | null> {
  if (found.size > SHOWN) return null;
  const bytes = await (await fs.open(found.inode)).read(0, found.size);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Tells whether the files behind `source` are the ones that were looked at. */
export async function stampOfSources(files: readonly DeclaredFile[], context: Filed): Promise<readonly string[]> {
  const sources = files.flatMap(({ source }) => source ?? []);
  const { look } = callerFiles(context);
  return Promise.all(sources.map(async (each) => (await look(each).catch(() => null))?.stamp ?? "missing"));
}

/** Changes whenever a file's content may have. */
export async function stampOf(path: string): Promise<string> {
  const found = lookAt(path);
  return found ? stampOfFile(found) : "missing";
}

/** The same of a file that was looked at. */
export const stampOfFile = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
