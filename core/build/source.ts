import type { FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { decideFormat, imageFormats, looksLike } from "../format/index.ts";
import { imageRecord } from "../host/image-record.ts";
import { partialBeside } from "../host/partial.ts";
import { openNamedFile } from "../host/plain-file.ts";
import { shownAddress } from "../kit/address.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { convert } from "../qemu/block/img.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { openedSource } from "../source/file.ts";
import { fixFormats, openNode } from "./chain.ts";
import { algorithmOf, type DigestField, type DigestFields, resolveDigests } from "./declared-digest.ts";
import { digestError, download } from "./download.ts";
import { copyForeign, type Foreign, leaning, openAlone, openLocal } from "./foreign.ts";
import { growImage } from "./grow.ts";
import { digestsOf } from "./hash.ts";
import { type HeadOptions, headOf } from "./header.ts";
import { asFormat, type OpenedChain, openChain } from "./open-chain.ts";
import { settleRedo } from "./redo.ts";
import { demandNamed } from "./strangers.ts";
import { asPacking, type Packing, unpack } from "./unpack.ts";

const DIGESTS: readonly DigestField[] = ["sha256", "sha512", "unpacked_sha256"];

export interface ImageSource {
  /** A path, or a file:, http: or https: address. */
  readonly url: string;
  readonly digests: DigestFields;
  readonly keyring: string | null;
  /** Taken for this format (a name of core/format); as recorded, else as it looks where null. */
  readonly format: string | null;
  /** Whether a local one may lean on files that only its header names. */
  readonly allowBackingFiles: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly proxy: string | null;
  readonly proxyAuthorization: string | null;
  readonly caFile: string | null;
}

export function isRemote(url: string): boolean {
  return /^https?:/i.test(url);
}

/** The local path of a source that is none of the network's. Relative ones start at the working directory. */
export function localPath(url: string): string {
  return /^file:/i.test(url) ? fileURLToPath(url) : resolve(url);
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
  source: ImageSource,
  size: number | null,
  context: Context,
): Promise<Sourced> {
  const isLocal = !isRemote(source.url);
  const path = isLocal ? localPath(source.url) : shownAddress(source.url);
  if (isLocal) await settleRedo(path, context);
  const digests = await resolveDigests(source, target, context);
  const { sha256 } = digests;
  await using file = isLocal ? await openSource(path) : await download({ ...source, sha256 }, context);
  await demandDigests(path, file, { sha256: isLocal ? sha256 : null, sha512: digests.sha512 }, context);
  await using partial = partialBeside(target, "unpacked");
  const packing = await packingOf(path, file, isLocal);
  const wanted = packing && { name: path, packing, size, isRaw: source.format === "raw" };
  await using unpacked = wanted && (await unpack(file, partial.path, wanted, context));
  const content = unpacked ?? file;
  await demandDigests(path, content, { unpacked_sha256: digests.unpacked_sha256 }, context);
  if (source.format === "qcow2" && !(await isQcow2(path, content))) throw notQcow2(source.url);
  await using origin = await openOrigin(path, content, source, isLocal && !unpacked, context);
  const { size: oldSize, notes } = origin;
  if (size !== null && size < oldSize) throw smaller(shownAddress(source.url), oldSize, size);
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

async function openSource(path: string): Promise<FileHandle> {
  const handle = await openNamedFile(path).catch((cause: GuestkitError) => {
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

/** What a refusal of a source says. */
export const SOURCE = {
  field: ["source", "url"],
  allow: "set source.allow_backing_files = true (guestkit create --allow-backing-files)",
} as const;

/** What is told of a source. */
export interface SourceLook {
  /** What it was opened as. */
  readonly format: string;
  /** Virtual, bytes. */
  readonly size: number;
  /** What is to be known of it. */
  readonly notes: readonly string[];
}

/** A source that is open. */
interface Origin extends SourceLook, AsyncDisposable {
  copy(target: string, image: ImageFile, context: Context): Promise<void>;
}

/** Opens one as it is declared, recorded or looks. `isOwn` says that it lies on this host, by the path that it is given by. */
async function openOrigin(
  path: string,
  file: FileHandle,
  source: Pick<ImageSource, "url" | "format" | "allowBackingFiles">,
  isOwn: boolean,
  { settings }: Pick<Context, "settings">,
): Promise<Origin> {
  const witness = isOwn ? () => imageRecord(path) : async () => null;
  const format = await decideFormat(await openedSource(file, path), source.format, witness);
  const leave = { ...SOURCE, allowed: source.allowBackingFiles };
  if (isForeign(format)) {
    const options = { path, format };
    return ofForeign(await (isOwn ? openLocal(file, options, leave, settings.dataDir) : openAlone(file, options)));
  }
  if (!isOwn) return ofChain(path, await openStray(path, file, source), () => {});
  const fix = (chain: OpenedChain) => fixFormats(chain.layers, settings.dataDir);
  return ofChain(path, await openOwn(path, file, source, settings.dataDir), fix);
}

/** What a local source that is not compressed tells before it is copied. Throws as copying it would. */
export async function lookAtSource(
  path: string,
  source: Pick<ImageSource, "url" | "format" | "allowBackingFiles">,
  context: Pick<Context, "settings">,
): Promise<SourceLook> {
  await using file = await openSource(path);
  await using origin = await openOrigin(path, file, source, true, context);
  const { format, size, notes } = origin;
  return { format, size, notes };
}

/** What guestkit reads and has no image of. */
const isForeign = (format: string): boolean =>
  asFormat(format) === null && imageFormats.some(({ name }) => name === format);

function ofForeign(foreign: Foreign): Origin {
  const { format, size, warnings } = foreign.image;
  return {
    ...{ format, size, notes: warnings },
    copy: (target, image, context) => copyForeign(target, foreign, image, context),
    [Symbol.asyncDispose]: () => foreign[Symbol.asyncDispose](),
  };
}

/** A use fixes what a local file is. */
function ofChain(path: string, chain: OpenedChain, fix: (chain: OpenedChain) => Promise<void> | void): Origin {
  const { format, size } = chain.layers[0];
  return {
    ...{ format, size, notes: [] },
    copy: async (_, image, context) => {
      await fix(chain);
      await convert(openNode(chain.layers), image, context, { phase: "converting", from: path });
    },
    [Symbol.asyncDispose]: () => chain[Symbol.asyncDispose](),
  };
}

async function openOwn(
  path: string,
  file: FileHandle,
  { format, allowBackingFiles }: Pick<ImageSource, "format" | "allowBackingFiles">,
  dataDir: string,
): Promise<OpenedChain> {
  const opened = await openChain(path, { format: asFormat(format), field: SOURCE.field, file });
  try {
    await demandNamed(opened.layers, { ...SOURCE, allowed: allowBackingFiles }, dataDir);
    return opened;
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A file of the cache is nobody's but the server's, and what was unpacked lies nowhere: nothing is recorded of it, and what
 * it leans on would be this host's.
 */
async function openStray(
  path: string,
  file: FileHandle,
  { url, format }: Pick<ImageSource, "url" | "format">,
): Promise<OpenedChain> {
  const options: HeadOptions = { format: asFormat(format), witness: async () => null };
  const head = await headOf(await openedSource(file, path), options);
  if (!head.backing && head.dataFile === null) return await openChain(path, { ...options, file });
  const what = head.backing
    ? `has a backing file ("${printable(head.backing.name)}")`
    : "keeps its data in another file";
  throw leaning(shownAddress(url), what);
}

async function isQcow2(path: string, file: FileHandle): Promise<boolean> {
  return (await looksLike(await openedSource(file, path))).format === "qcow2";
}

function notQcow2(url: string): GuestkitError {
  return new GuestkitError("E_SOURCE_FORMAT", `Cannot use "${shownAddress(url)}" as qcow2: it is none`, {
    at: { field: ["source", "format"] },
    help: "Leave source.format out, and it is told by its record or its content.",
  });
}
