/** A source that is an archive (OVA): held to its manifest, its disk read in place or unpacked. */
import type { FileHandle } from "node:fs/promises";
import { type Archive, chooseDisk, memberOf, readArchive } from "../format/ova/archive.ts";
import { partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { openedSource } from "../source/file.ts";
import { digestsOf } from "./hash.ts";
import { type Unpacking, unpack } from "./unpack.ts";

export interface MemberOptions extends Pick<Unpacking, "size"> {
  /** The only disk of its descriptor where null. */
  readonly member: string | null;
  /** Tells where temporary files lie. */
  readonly target: string;
  /** The disk is a raw one, whatever it looks like. */
  readonly isRaw: boolean;
}

/**
 * Demands what the manifest says of each member, and gives the disk unpacked where it is compressed; null where it is read in
 * place. Throws `E_OVA_*`, `E_SOURCE_MANIFEST`, and what unpacking throws.
 */
export async function openMember(
  path: string,
  file: FileHandle,
  { member, target, size, isRaw }: MemberOptions,
  context: Context,
): Promise<FileHandle | null> {
  const archive = await readArchive(await openedSource(file, path));
  const { name, parts, compression } = chooseDisk(archive, member);
  await demandManifest(path, file, archive, context);
  if (compression === null) return null;
  const [part, ...others] = parts;
  if (compression !== "gzip" || !part || others.length > 0) throw unread(path, name, compression);
  await using partial = partialBeside(target, "member");
  const { offset: start } = part;
  const wanted: Unpacking = {
    name: `${path}/${printable(name)}`,
    ...{ packing: "gzip", size, holds: isRaw ? "raw" : null, part: { start, end: start + part.size } },
  };
  return await unpack(file, partial.path, wanted, context);
}

/** Whether that disk is one that is to be unpacked. Throws `E_OVA_*`. */
export async function isPackedMember(path: string, file: FileHandle, member: string | null): Promise<boolean> {
  return chooseDisk(await readArchive(await openedSource(file, path)), member).compression !== null;
}

function unread(path: string, name: string, compression: string): GuestkitError {
  const what = `its disk "${printable(name)}" is compressed in a way that is not read (${printable(compression)})`;
  return new GuestkitError("E_OVA_FEATURE", `Cannot use "${path}": ${what}`, {
    at: { file: path, field: ["source", "url"] },
    help: `Unpack it first, and give the path of the disk: tar xf "${path}"`,
  });
}

/** It comes with the archive, and so tells of damage alone. */
async function demandManifest(path: string, file: FileHandle, archive: Archive, context: Context): Promise<void> {
  for (const { member, algorithm, digest } of archive.digests) {
    const { offset: start, size } = memberOf(archive, member);
    context.progress({ phase: "verifying", detail: `${path}/${printable(member)}` });
    const [found] = await digestsOf(file, [algorithm], context.signal, { start, end: start + size });
    if (found !== digest) throw other(path, member, algorithm, digest, found ?? "");
  }
}

function other(path: string, member: string, algorithm: string, said: string, is: string): GuestkitError {
  const what = `${algorithm} of its member "${printable(member)}" is ${is}, and its manifest says ${said}`;
  return new GuestkitError("E_SOURCE_MANIFEST", `Cannot use "${path}": ${what}`, {
    at: { file: path, field: ["source", "url"] },
    help: "It was damaged or changed since it was made: fetch it again.",
  });
}
