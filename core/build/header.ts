/** The head of an image file: enough to tell what it is and whom it leans on, without trusting it with anything. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  asParent,
  decideFormat,
  type ImageReference,
  parseReference,
  refusalOf,
  type Witness,
} from "../format/index.ts";
import { imageRecord } from "../host/image-record.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { DiskFormat } from "../qemu/block/node.ts";
import { openFileSource } from "../source/file.ts";
import type { ByteSource } from "../source/source.ts";

export interface ImageHead {
  readonly format: DiskFormat;
  /** Virtual size, bytes. */
  readonly size: number;
  /** As written in the header; null without one. */
  readonly backing: { readonly name: string; readonly format: string | null } | null;
  /** The other file that its data lies in, as written in the header; empty where that does not say. Null without one. */
  readonly dataFile: string | null;
}

const HEAD = 64 << 10;
const END_OF_EXTENSIONS = 0;
const BACKING_FORMAT = 0xe2792aca;
const DATA_FILE = 0x44415441;
const EXTERNAL_DATA = 4n;

export interface HeadOptions {
  /** What it is declared to be. */
  readonly format?: DiskFormat | null;
  /** What is recorded of it; the record beside it where left out. */
  readonly witness?: Witness;
  /** Another image leans on it: it is a disk, whatever it looks like. */
  readonly isParent?: boolean;
}

/**
 * Reads what kind of image a file is: as declared, as recorded, else as it looks.
 * Throws `E_SOURCE_FORMAT` for what is neither qcow2 nor raw, `E_FORMAT_AMBIGUOUS`, `E_RECORD_*`.
 */
export async function readImageHead(path: string, options: HeadOptions = {}): Promise<ImageHead> {
  await using source = await openFileSource(path);
  return await headOf(source, options);
}

/** What an image is to be opened as, also where that is nothing that can be. A device is raw unless it is declared else. */
export async function formatOf(path: string, { format = null, witness }: HeadOptions = {}): Promise<string> {
  if (format !== null) return format;
  if ((await stat(path)).isBlockDevice()) return "raw";
  await using source = await openFileSource(path);
  return await decideFormat(source, null, witness ?? (() => imageRecord(path)));
}

/** The same, where it is a disk's format. Throws `E_SOURCE_FORMAT` for any other, read or not. */
export async function diskFormatOf(path: string, options: HeadOptions = {}): Promise<DiskFormat> {
  const format = await formatOf(path, options);
  if (format === "raw" || format === "qcow2") return format;
  throw foreign({ name: path, size: (await stat(path)).size }, format);
}

/** The same of a file that is open. */
export async function headOf(source: ByteSource, options: HeadOptions = {}): Promise<ImageHead> {
  const path = source.name;
  const { format = null, witness, isParent = false } = options;
  const decided = await decideFormat(source, format, witness ?? (() => imageRecord(path)));
  const kind = isParent ? asParent(decided) : decided;
  if (kind === "raw") return { format: "raw", size: source.size, backing: null, dataFile: null };
  if (kind !== "qcow2") throw foreign(source, kind);
  const head = await source.read(0, Math.min(HEAD, source.size));
  return parseQcow2(head, new DataView(head.buffer, head.byteOffset, head.length), path);
}

function foreign({ name, size }: Pick<ByteSource, "name" | "size">, format: string): GuestkitError {
  const { why, help } = refusalOf(format, name, size);
  return new GuestkitError("E_SOURCE_FORMAT", `Cannot use "${name}": ${why}`, { help, at: { file: name } });
}

const MAGIC = 0x514649fb;

function parseQcow2(head: Uint8Array, view: DataView, path: string): ImageHead {
  if (head.length < 72 || view.getUint32(0) !== MAGIC) throw damaged(path);
  const [offset, length] = [Number(view.getBigUint64(8)), view.getUint32(16)];
  const size = Number(view.getBigUint64(24));
  const version = view.getUint32(4);
  if (version >= 3 && head.length < 104) throw damaged(path);
  if (!Number.isSafeInteger(size) || length > 1023 || (length > 0 && offset + length > head.length)) {
    throw damaged(path);
  }
  const said = extensions(head, view, version);
  const name = text(head.subarray(offset, offset + length));
  const backing = offset > 0 && length > 0 ? { name, format: said.get(BACKING_FORMAT) ?? null } : null;
  const isExternal = version >= 3 && (view.getBigUint64(72) & EXTERNAL_DATA) !== 0n;
  return { format: "qcow2", size, backing, dataFile: isExternal ? (said.get(DATA_FILE) ?? "") : null };
}

function damaged(path: string): GuestkitError {
  return new GuestkitError("E_SOURCE_FORMAT", `Cannot use "${path}": its qcow2 header is damaged`, {
    at: { file: path },
    help: `Check it: qemu-img check "${path}"`,
  });
}

/** Header extensions follow the header: type, length, data padded to 8 bytes. Those that are names, as text. */
function extensions(head: Uint8Array, view: DataView, version: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (let at = version >= 3 ? view.getUint32(100) : 72; at + 8 <= head.length; ) {
    const [type, length] = [view.getUint32(at), view.getUint32(at + 4)];
    if (type === END_OF_EXTENSIONS) break;
    if (type === BACKING_FORMAT || type === DATA_FILE) found.set(type, text(head.subarray(at + 8, at + 8 + length)));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return found;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0.*$/s, "");

/** A file of this host that a header names; null where it names none, or none that can be followed. */
export function backingReference(image: string, head: ImageHead): ImageReference | null {
  if (head.backing === null) return null;
  return followed(image, head.backing.name, head.backing.format);
}

/** The path of the file that holds the data of an image; null where that is the image itself, or nothing is said. */
export function dataPath(image: string, head: ImageHead): string | null {
  return head.dataFile ? (followed(image, head.dataFile, "raw")?.filename ?? null) : null;
}

function followed(image: string, name: string, format: string | null): ImageReference | null {
  try {
    const reference = parseReference(name, format, image);
    return { ...reference, filename: resolve(dirname(image), reference.filename) };
  } catch (error) {
    if (error instanceof GuestkitError) return null;
    throw error;
  }
}
