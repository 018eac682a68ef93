import type { Image } from "../format/format.ts";
import { type ImageHost, openImage } from "../format/index.ts";
import { Budget } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Standing } from "../redo/standing.ts";
import { cachedSource } from "../source/cached.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import { openContents } from "./contents.ts";
import type { DiskFileSystem, PlainDisk } from "./disk.ts";
import { abortable, nodeCodec, type Opened, openPath, openPending, refusingHost, strangersIn } from "./host.ts";
import { holdsKnown, unknownNote } from "./known-content.ts";
import { meteredSource } from "./metered.ts";

export interface ImageOptions {
  /** The image's format; what is recorded of it, else its content decides where left out. */
  readonly format?: string | undefined;
  /** An internal snapshot's id or name instead of the present state. */
  readonly snapshot?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Journals to replay are the most of it: a GiB at most, read twice. */
const OPENING = { steps: 2_000_000 };

/** Bytes kept of an image: 8 MiB serve a whole inspection. */
const CACHE = { pageSize: 4 << 10, pages: 2048 };

/**
 * Opens an image by its path, or one given as a source (then there is no host: parents are refused). `standing` takes down
 * what is opened, each file before that.
 * Throws what source, format and partition table say; a damaged file system only carries its `error`.
 */
export async function openDisk(
  image: string | ByteSource,
  options: ImageOptions,
  standing: Standing | undefined,
): Promise<PlainDisk> {
  const { format, snapshot, signal } = options;
  if (typeof image === "string") standing?.note(image);
  // A snapshot is no part of a change that is under way.
  const pending = typeof image === "string" && snapshot === undefined ? await openPending(image, signal) : null;
  if (pending?.image) {
    for (const file of pending.image.files) standing?.note(file);
    // What is written is what the log holds, until that goes.
    standing?.tolerateWrites();
    return diskOf(pending.image, await nodeCodec(), [...pending.warnings, ...(await told(pending.image))]);
  }
  const opened: Opened =
    typeof image === "string" ? await openPath(image, standing) : { source: image, host: refusingHost, warnings: [] };
  const { source, host } = opened;
  const wrapped = signal ? abortable(source, signal) : source;
  const content = await openImage(wrapped, host, {
    format: format ?? null,
    ...(snapshot !== undefined && { snapshot }),
  });
  const strangers = typeof image === "string" ? await told(content) : [];
  const doubts = format === undefined ? await doubtsOf(content, host) : [];
  return diskOf(content, host, [...opened.warnings, ...(pending?.warnings ?? []), ...strangers, ...doubts]);
}

/** Files of this host that the image names without a right to. */
async function told(image: Image): Promise<readonly string[]> {
  try {
    return await strangersIn(image);
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}

/** Where neither a declaration nor a record says that it is a raw disk, and its content does not either. */
async function doubtsOf(image: Image, { recorded }: ImageHost): Promise<readonly string[]> {
  if (image.format !== "raw" || (await recorded?.(image.name))?.format || (await holdsKnown(image))) return [];
  return [unknownNote(image.name)];
}

/** The image belongs to the disk from now on: it is closed where that cannot be opened. */
async function diskOf(image: Image, codec: Codec, seen: readonly string[]): Promise<PlainDisk> {
  try {
    return await readDisk(image, codec, seen);
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error instanceof GuestkitError ? error.within({ file: image.name }) : error;
  }
}

async function readDisk(image: Image, codec: Codec, seen: readonly string[]): Promise<PlainDisk> {
  const budget = new Budget();
  const source = meteredSource(cachedSource(image, CACHE), budget);
  const { table, filesystems } = await budget.part(
    "partitions and file systems",
    () => openContents(source, codec),
    OPENING,
  );
  const bootCode = source.size >= 512 ? (await source.read(0, 512)).slice() : new Uint8Array(0);
  return {
    image,
    table,
    filesystems,
    hostWarnings: seen,
    warnings: [...seen, ...image.warnings, ...(table?.warnings ?? []), ...filesystems.flatMap(ownWarnings)],
    bootCode,
    budget,
    [Symbol.asyncDispose]: async () => {
      for (const { fs } of filesystems) await fs?.[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}

function ownWarnings({ device, fs, error }: DiskFileSystem): readonly string[] {
  const refused = error ? [`${device} cannot be read: ${error.message}`] : [];
  return [...refused, ...(fs?.warnings ?? []).map((warning) => `${device}: ${warning}`)];
}
