import type { FileHandle } from "node:fs/promises";
import { looksLike } from "../format/index.ts";
import { callerFiles } from "../host/caller-files.ts";
import { imageRecord } from "../host/image-record.ts";
import { partialBeside } from "../host/partial.ts";
import { openNamedFile } from "../host/plain-file.ts";
import { shownAddress } from "../kit/address.ts";
import { type CallerPath, isElsewhere, nameElsewhere, ownPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { openedSource } from "../source/file.ts";
import {
  algorithmOf,
  type DeclaredDigests,
  type DigestField,
  type DigestFields,
  resolveDigests,
} from "./declared-digest.ts";
import { digestError, download } from "./download.ts";
import { growImage } from "./grow.ts";
import { digestsOf } from "./hash.ts";
import { type Declared, formatOf, heldBy, openOrigin, type SourceLook, unpackedAs } from "./origin.ts";
import { settleRedo } from "./redo.ts";
import type { RemoteFile } from "./request.ts";
import { asPacking, type Packing, unpack } from "./unpack.ts";

const DIGESTS: readonly DigestField[] = ["sha256", "sha512", "unpacked_sha256"];

export interface ImageSource extends Declared {
  readonly digests: DeclaredDigests;
  readonly keyring: CallerPath | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly proxy: string | null;
  readonly proxyAuthorization: string | null;
  readonly caFile: CallerPath | null;
}

/** Whether it is an address of the web. */
export function isRemote(url: CallerPath): boolean {
  return /^https?:/i.test(String(url));
}

/** A source that is open, and what errors call it. */
interface Opened {
  readonly path: string;
  readonly file: FileHandle;
  /** It lies on this host, by this path. */
  readonly isOwn: boolean;
}

/** Opens what is declared: a file of this host, one that is brought here, or a download. */
async function openDeclared(source: Located, sha256: string | null, context: Context): Promise<Opened> {
  if (isRemote(source.url)) {
    const url = String(source.url);
    return { path: shownAddress(url), file: await download({ ...source, url, sha256 }, context), isOwn: false };
  }
  const name = nameElsewhere(source.url);
  const path = name ?? ownPath(source.url);
  const file = await openSource(path, await callerFiles(context).locate(source.url));
  return { path, file, isOwn: name === null };
}

/** A source whose authorities lie on this host. */
type Located = Omit<ImageSource, "caFile"> & Pick<RemoteFile, "caFile">;

async function located(source: ImageSource, context: Context): Promise<Located> {
  const { caFile } = source;
  return { ...source, caFile: caFile && (await callerFiles(context).locate(caFile)) };
}

/** What became of a source. */
export interface Sourced {
  readonly notes: readonly string[];
  /** The digests that were demanded, as they were resolved. */
  readonly digests: DigestFields;
}

/**
 * Makes an image from a source, unpacked where it is compressed, at least `size` bytes large: partition and file system grow
 * along. The source is opened once: what is verified and looked at is what is copied. `target` tells where temporary files
 * lie. Throws `E_SIZE_SMALLER`, `E_SOURCE_BACKING`, and what downloading and unpacking throw.
 */
export async function createFromSource(
  target: string,
  image: ImageFile,
  declared: ImageSource,
  size: number | null,
  context: Context,
): Promise<Sourced> {
  const isWeb = isRemote(declared.url);
  if (!isWeb && !isElsewhere(declared.url)) await settleRedo(ownPath(declared.url), context);
  const source = await located(declared, context);
  const digests = await resolveDigests(source, target, context);
  const { sha256 } = digests;
  const opened = await openDeclared(source, sha256, context);
  const { path, isOwn: isLocal } = opened;
  await using file = opened.file;
  await demandDigests(path, file, { sha256: isWeb ? null : sha256, sha512: digests.sha512 }, context);
  await using partial = partialBeside(target, "unpacked");
  const packing = await packingOf(path, file, isLocal);
  const wanted = packing && { name: path, packing, size, holds: heldBy(source) };
  await using unpacked = wanted && (await unpack(file, partial.path, wanted, context));
  const whole = unpacked ?? file;
  await demandDigests(path, whole, { unpacked_sha256: digests.unpacked_sha256 }, context);
  await using member = await unpackMember(path, whole, source, { target, size, isOwn: isLocal && !unpacked }, context);
  const content = member ?? whole;
  const told = member ? { ...source, ...unpackedAs(source) } : source;
  await using origin = await openOrigin(path, content, told, isLocal && content === file, context);
  const { size: oldSize, notes } = origin;
  if (size !== null && size < oldSize) throw smaller(shownAddress(path), oldSize, size);
  await origin.copy(target, image, context);
  if (size === null || size === oldSize) return { notes, digests };
  const grown = await growImage(target, image, { oldSize, size, unpublished: true }, context);
  return { notes: [...notes, ...grown], digests };
}

/** A disk whose record says so is one, whatever a guest wrote to its start. */
export async function packingOf(path: string, file: FileHandle, isLocal = true): Promise<Packing | null> {
  const packing = asPacking((await looksLike(await openedSource(file, path))).format);
  return packing && isLocal && (await imageRecord(path))?.format ? null : packing;
}

export function smaller(what: string, has: number, wanted: number): GuestkitError {
  return new GuestkitError(
    "E_SIZE_SMALLER",
    `Cannot make the image: "${what}" has ${has} bytes and size is ${wanted}`,
    {
      at: { field: ["size"] },
      help: `Set size to ${has} or more, or leave it out.`,
    },
  );
}

/** `path` is what it is called, `place` where it lies. */
async function openSource(path: string, place = path): Promise<FileHandle> {
  const handle = await openNamedFile(place).catch((cause: GuestkitError) => {
    throw cause.code === "E_FILE_KIND" ? missing(path, "it is no regular file") : cause;
  });
  if (!handle) throw missing(path, "there is no such file");
  return handle;
}

function missing(path: string, why: string): GuestkitError {
  return new GuestkitError("E_SOURCE_MISSING", `Cannot use source "${path}": ${why}`, {
    at: { file: path, field: ["source", "url"] },
    help: "Give the path of an image, or its http(s) address.",
  });
}

/** Each that is wanted, by one look at the bytes. */
async function demandDigests(path: string, file: FileHandle, wanted: Partial<DigestFields>, context: Context) {
  const fields = DIGESTS.filter((field) => (wanted[field] ?? null) !== null);
  if (fields.length === 0) return;
  context.progress({ phase: "verifying", detail: path });
  const found = await digestsOf(file, fields.map(algorithmOf), context.signal);
  for (const [index, field] of fields.entries()) {
    const [is, said] = [found[index] ?? "", wanted[field] ?? ""];
    if (is !== said) throw digestError(field, path, said, is);
  }
}

/** What a member is unpacked for. */
interface Unpacked {
  readonly target: string;
  readonly size: number | null;
  readonly isOwn: boolean;
}

/** Where it is an archive: holds it to its manifest, and unpacks the disk in it where that is compressed as a whole. */
async function unpackMember(
  path: string,
  file: FileHandle,
  source: Declared,
  { target, size, isOwn }: Unpacked,
  context: Context,
): Promise<FileHandle | null> {
  if ((await formatOf(path, file, source, isOwn)) !== "ova") return null;
  const { openMember } = await import("./archive.ts");
  const { member, format } = source;
  return await openMember(path, file, { member, target, size, isRaw: format === "raw" }, context);
}

/**
 * What a local source that is not compressed tells before it is copied; null where that takes unpacking it. Throws as copying
 * it would.
 */
export async function lookAtSource(
  path: string,
  source: Declared,
  context: Pick<Context, "settings">,
): Promise<SourceLook | null> {
  await using file = await openSource(path);
  if ((await formatOf(path, file, source, true)) === "ova") {
    const { isPackedMember } = await import("./archive.ts");
    if (await isPackedMember(path, file, source.member)) return null;
  }
  await using origin = await openOrigin(path, file, source, true, context);
  const { format, size, notes } = origin;
  return { format, size, notes };
}
