import type { Image, ImageHost } from "../format/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Owner } from "../kit/owner.ts";
import type { Standing } from "../redo/standing.ts";
import { type Codec, noCodec } from "../source/codec.ts";
import { type ByteSource, readInto } from "../source/source.ts";

export interface Opened {
  readonly source: ByteSource;
  readonly host: ImageHost;
  /** Grows while the image is opened. */
  readonly warnings: readonly string[];
}

/** What is read from now on is to be watched. Node's part is loaded here, so that browsers may load the rest. */
export async function watch(): Promise<Standing> {
  const { watchStanding } = await import("../redo/opening.ts");
  return watchStanding();
}

/** Opens a file of the host. That somebody is writing to it is told, and then no fault of the reading. */
export async function openPath(path: string, standing?: Standing): Promise<Opened> {
  const { imageHost, isBeingWritten, openFileSource } = await import("../redo/opening.ts");
  const source = await openFileSource(path);
  const written = await isBeingWritten(path);
  const warning = "a machine or QEMU's tools are writing to the image: what is read may not fit together";
  const warnings = written ? [warning] : [];
  if (written) standing?.tolerateWrites();
  const host = imageHost((told) => warnings.push(told), standing?.note);
  return { source, host, warnings };
}

/** Host files that the image, or one below it, names without a right to: to be told. */
export async function strangersIn(image: Image): Promise<readonly string[]> {
  if (image.files.length < 2) return [];
  const { strangerNote, strangersOf } = await import("../host/named-files.ts");
  return (await strangersOf(namingsIn(image))).map(strangerNote);
}

/** Each file of a chain with what its own header names: all but what the parent names in turn. */
export function namingsIn({ files, backing }: Image): { image: string; files: readonly string[] }[] {
  const [image = "", ...named] = files;
  if (!backing) return [{ image, files: named }];
  const own = named.slice(0, named.length - backing.image.files.length + 1);
  return [{ image, files: own }, ...namingsIn(backing.image)];
}

/** What a change that was cut off makes of the image at a path; null where there is none, or where it does not count. */
interface Pending {
  readonly image: Image | null;
  readonly warnings: readonly string[];
}

export async function openPending(path: string, signal: AbortSignal = new AbortController().signal): Promise<Pending> {
  const { redoTarget } = await import("../redo/opening.ts");
  const target = await redoTarget(path);
  if (target === null) return { image: null, warnings: [] };
  const { readThrough } = await import("../redo/read.ts");
  return readThrough(target, signal);
}

/** Bytes that the host keeps for these files. */
export async function allocated(files: readonly string[]): Promise<number> {
  const { allocatedSize } = await import("../redo/opening.ts");
  const sizes = await Promise.all(files.map((file) => allocatedSize(file)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Throws `E_KEY_FILE`. */
export async function keyFile(path: string): Promise<Uint8Array> {
  const { readKeyFile } = await import("../host/key-file.ts");
  return readKeyFile(path);
}

/** Whose a file is, as its record says; null where nobody in particular owns it. */
export async function ownerOf(path: string): Promise<Owner | null> {
  const { imageRecord } = await import("../host/image-record.ts");
  return (await imageRecord(path))?.owner ?? null;
}

/** What reading on takes of Node where no host was asked for the image. */
export async function nodeCodec(): Promise<Codec> {
  return (await import("../redo/opening.ts")).nodeHost;
}

/** For an image that is no file: it must stand alone, uncompressed. */
export const refusingHost: ImageHost = {
  ...noCodec,
  openFile: async (name) => {
    throw new GuestkitError("E_SOURCE_HOST", `Cannot open "${name}": the image was opened without its host's files`);
  },
};

/** The same source, but it reads no further once `signal` is aborted. */
export function abortable(source: ByteSource, signal: AbortSignal): ByteSource {
  const { name, size, peek, extent, stored } = source;
  return {
    name,
    size,
    ...(peek && {
      peek: (offset: number, length: number) => {
        signal.throwIfAborted();
        return peek.call(source, offset, length);
      },
    }),
    ...(extent && { extent: extent.bind(source) }),
    ...(stored && { stored: stored.bind(source) }),
    read: async (offset, length) => {
      signal.throwIfAborted();
      return source.read(offset, length, signal);
    },
    readInto: (offset, target) => {
      signal.throwIfAborted();
      return readInto(source, offset, target, signal);
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
