/**
 * Sources in formats that no image of ours has. guestkit's own reader opens them and whatever they name, by its rules; what
 * is one file and names none is then copied by QEMU's driver, the rest by that reader.
 */
import { type FileHandle, open } from "node:fs/promises";
import { namingsIn } from "../disk/host.ts";
import type { MemberChoice } from "../format/format.ts";
import { type Image, type ImageHost, openImage } from "../format/index.ts";
import { imageHost } from "../host/image-host.ts";
import { partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { atPlace, GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { convert } from "../qemu/block/img.ts";
import { type BlockNode, type ImageFile, imageNode } from "../qemu/block/node.ts";
import { openedSource } from "../source/file.ts";
import { nodeHost } from "../source/node.ts";
import type { ByteSource } from "../source/source.ts";
import { readImageHead } from "./header.ts";
import { roomOf, writeHoled } from "./holed-file.ts";
import { demandNamings, type Leave } from "./strangers.ts";

/** A source that is open: its disk, and the file that it lies in. */
export interface Foreign extends AsyncDisposable {
  readonly image: Image;
  readonly file: FileHandle;
}

/** How it is opened. */
export interface ForeignOptions {
  /** What errors call it. */
  readonly path: string;
  readonly format: string;
  readonly member?: MemberChoice | undefined;
}

/**
 * Opens one that lies on this host: what it names beside it belongs to it, anything else as `leave` says. Throws
 * `E_BACKING_FOREIGN` and what its format throws.
 */
export async function openLocal(
  file: FileHandle,
  options: ForeignOptions,
  leave: Leave,
  dataDir: string,
): Promise<Foreign> {
  const opened = await openForeign(file, options, imageHost());
  try {
    await demandNamings(namingsIn(opened.image), leave, dataDir);
    return opened;
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/** Opens one that came from elsewhere, and opens nothing else. Throws `E_SOURCE_BACKING` and what its format throws. */
export async function openAlone(file: FileHandle, options: ForeignOptions): Promise<Foreign> {
  let refused: GuestkitError | null = null;
  const openFile = async (name: string): Promise<ByteSource> => {
    refused = leaning(options.path, `names another file ("${printable(name)}")`);
    throw refused;
  };
  const { decompress, digest, ciphers } = nodeHost;
  const opened = await openForeign(file, options, { decompress, digest, ciphers, openFile }).catch((error: unknown) => {
    throw refused ?? error;
  });
  if (refused === null) return opened;
  // It would have gone without.
  await opened[Symbol.asyncDispose]();
  throw refused;
}

/** That what came from elsewhere does not stand alone. */
export function leaning(what: string, how: string): GuestkitError {
  return new GuestkitError("E_SOURCE_BACKING", `Cannot use "${what}": the image ${how}`, {
    at: { field: ["source", "url"] },
    help: "Only a local image that is not compressed may lean on others. Fetch and unpack it, look at it (qemu-img info), and give its path.",
  });
}

async function openForeign(
  file: FileHandle,
  { path, format, member }: ForeignOptions,
  host: ImageHost,
): Promise<Foreign> {
  const image = await openImage(await openedSource(file, path), host, { format, ...(member && { member }) });
  return { image, file, [Symbol.asyncDispose]: () => image[Symbol.asyncDispose]() };
}

/**
 * QEMU's drivers that open the file they are given and no other. That of VMDK is none: it opens whatever a descriptor names,
 * which may be another one by the time that QEMU reads it.
 */
const DRIVERS: Readonly<Record<string, string>> = {
  parallels: "parallels",
  qed: "qed",
  vdi: "vdi",
  vhd: "vpc",
  vhdx: "vhdx",
};

/** Details of images that QEMU would mend before it reads them. */
const UNCLEAN = ["log_replayed", "dirty", "in_use"] as const;

/** Copies its disk into an image. `target` tells where temporary files lie. Throws `E_SOURCE_SPACE`, `E_SOURCE_SIZE`. */
export async function copyForeign(target: string, from: Foreign, to: ImageFile, context: Context): Promise<void> {
  const { image, file } = from;
  const isClean = !UNCLEAN.some((name) => image.details[name] === true);
  const driver = isClean && image.files.length === 1 ? DRIVERS[image.format] : undefined;
  const says = { phase: "converting", from: image.name };
  if (driver !== undefined) await convert({ node: nodeOf(driver), files: [file.fd] }, to, context, says);
  else {
    await using partial = partialBeside(target, "flat");
    await using flat = await flatten(image, partial.path, context);
    await convert({ node: imageNode({ path: GIVEN, format: "raw" }), files: [flat.fd] }, to, context, says);
  }
  const { size } = await readImageHead(to.path, { format: to.format });
  if (size !== image.size) throw otherSize(image, size);
}

/** The first descriptor that is handed to a program. */
const GIVEN = "/dev/fd/3";

/** None is said, too: left out, QEMU would ask the header. */
const nodeOf = (driver: string): BlockNode => ({
  ...{ driver, file: { driver: "file", filename: GIVEN } },
  ...(driver === "qed" && { backing: null }),
});

function otherSize({ name, size }: Image, made: number): GuestkitError {
  const message = `Cannot copy "${name}": its disk has ${size} bytes, and ${made} were copied`;
  return new GuestkitError("E_SOURCE_SIZE", message, {
    at: { file: name },
    help: `Compare with what QEMU says of it: qemu-img info "${name}"`,
  });
}

/** What is read at once, bytes. */
const PIECE = 2 << 20;

/** The bytes of a disk in a new file of this user alone, which is open: zeros are holes. */
async function flatten(image: Image, path: string, { signal, progress }: Context): Promise<FileHandle> {
  const file = await open(path, "wx+", 0o600);
  try {
    await atPlace(path, () => file.truncate(image.size));
    const room = roomOf(path, `copy "${image.name}"`);
    for await (const { at, bytes } of dataOf(image, signal)) {
      await room(await writeHoled(file, path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), at));
      progress({ phase: "reading", done: at + bytes.length, total: image.size, unit: "bytes", detail: image.name });
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What a disk holds but for what is known to be zeros, in order. */
async function* dataOf(image: Image, signal: AbortSignal): AsyncGenerator<Piece> {
  for (let at = 0; at < image.size; ) {
    signal.throwIfAborted();
    const left = image.size - at;
    const { length, zero } = (await image.extent?.(at, left, signal)) ?? { length: left, zero: false };
    const take = zero ? length : Math.min(length, PIECE);
    if (!zero) yield { at, bytes: await image.read(at, take, signal) };
    at += take;
  }
}
