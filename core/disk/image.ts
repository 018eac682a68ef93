import type { Image, MemberChoice } from "../format/format.ts";
import { type ImageHost, type OpenImageOptions, openImage, splitNote } from "../format/index.ts";
import type { Standing } from "../redo/standing.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import { abortable, nodeCodec, type Opened, openPath, openPending, refusingHost, strangersIn } from "./host.ts";
import { holdsKnown, unknownNote } from "./known-content.ts";

/** How one image is to be opened. */
export interface OneImage {
  readonly format?: string | undefined;
  readonly snapshot?: string | undefined;
  /** What opens an image that is encrypted itself, and its parents. */
  readonly unlock?: OpenImageOptions["keys"];
  /** Of an archive the member to open. */
  readonly member?: MemberChoice | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An image with what its host said of it. */
export interface OpenedImage {
  readonly image: Image;
  readonly codec: Codec;
  readonly warnings: readonly string[];
}

/** Opens an image by its path, or one given as a source. `standing` takes down what is opened, each file before that. */
export async function openOne(
  image: string | ByteSource,
  options: OneImage,
  standing: Standing | undefined,
): Promise<OpenedImage> {
  const { format, snapshot, member, unlock, signal } = options;
  if (typeof image === "string") standing?.note(image);
  // A snapshot is no part of a change that is under way.
  const pending = typeof image === "string" && snapshot === undefined ? await openPending(image, signal) : null;
  if (pending?.image) {
    for (const file of pending.image.files) standing?.note(file);
    // What is written is what the log holds, until that goes.
    standing?.tolerateWrites();
    const warnings = [...pending.warnings, ...(await told(pending.image))];
    return { image: pending.image, codec: await nodeCodec(), warnings };
  }
  const opened: Opened =
    typeof image === "string" ? await openPath(image, standing) : { source: image, host: refusingHost, warnings: [] };
  const { source, host } = opened;
  const wrapped = signal ? abortable(source, signal) : source;
  const content = await openImage(wrapped, host, {
    format: format ?? null,
    ...(snapshot !== undefined && { snapshot }),
    ...(unlock && { keys: unlock }),
    ...(member && { member }),
  });
  const strangers = typeof image === "string" ? await told(content) : [];
  const doubts = format === undefined ? await doubtsOf(content, host) : [];
  const warnings = [...opened.warnings, ...(pending?.warnings ?? []), ...strangers, ...doubts];
  return { image: content, codec: host, warnings };
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
  if (image.format !== "raw" || (await recorded?.(image.name))?.format) return [];
  const part = splitNote(image.name);
  return [...(part === null ? [] : [part]), ...((await holdsKnown(image)) ? [] : [unknownNote(image.name)])];
}
