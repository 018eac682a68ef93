/** The head of an image file: enough to tell what it is and whom it leans on, without trusting it with anything. */
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import type { DiskFormat } from "./qemu.ts";

export interface ImageHead {
  readonly format: DiskFormat;
  /** Virtual size, bytes. */
  readonly size: number;
  /** As written in the header; null without one. */
  readonly backing: { readonly name: string; readonly format: string | null } | null;
  /** Whether its data lies in another file. */
  readonly externalData: boolean;
}

const HEAD = 64 << 10;
const MAGIC = 0x514649fb;
/** Bytes of a version 3 header at least. */
const V3_HEADER = 104;
const END_OF_EXTENSIONS = 0;
const BACKING_FORMAT = 0xe2792aca;
const EXTERNAL_DATA = 4n;

/** Formats that are told apart so as not to be taken for raw: magic bytes at an offset. */
const FOREIGN: readonly (readonly [name: string, offset: number, magic: string])[] = [
  ["vmdk", 0, "KDMV"],
  ["vmdk", 0, "# Disk DescriptorFile"],
  ["vhdx", 0, "vhdxfile"],
  ["vhd", 0, "conectix"],
  ["vdi", 0x40, "\x7f\x10\xda\xbe"],
  ["xz", 0, "\xfd7zXZ\0"],
  ["gzip", 0, "\x1f\x8b\x08"],
  ["zstd", 0, "\x28\xb5\x2f\xfd"],
  ["bzip2", 0, "BZh"],
];

/**
 * What kind of image lies at a path now: for a mere look. Whoever goes on to use the file opens it and asks `headOf`.
 * Throws `E_SOURCE_FORMAT` for a kind that is not written yet.
 */
export async function readImageHead(path: string): Promise<ImageHead> {
  const handle = await open(path, "r");
  try {
    return await headOf(handle, path);
  } finally {
    await handle.close();
  }
}

/** What kind of image an open file is; `path` is for the message. Throws `E_SOURCE_FORMAT`. */
export async function headOf(handle: FileHandle, path: string): Promise<ImageHead> {
  const { size } = await handle.stat();
  const buffer = new Uint8Array(Math.min(HEAD, size));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return parseHead(buffer.subarray(0, bytesRead), size, path);
}

function parseHead(head: Uint8Array, fileSize: number, path: string): ImageHead {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length >= 4 && view.getUint32(0) === MAGIC) return parseQcow2(head, view, path);
  const text = new TextDecoder("latin1").decode(head);
  const foreign = FOREIGN.find(([, offset, magic]) => text.startsWith(magic, offset));
  if (!foreign) return { format: "raw", size: fileSize, backing: null, externalData: false };
  throw new GuestkitError("E_SOURCE_FORMAT", `Cannot use "${path}": it is ${foreign[0]}, not qcow2 or raw`, {
    at: { file: path },
    help: "Unpack it, or convert it first: qemu-img convert -O qcow2 IN OUT",
  });
}

function parseQcow2(head: Uint8Array, view: DataView, path: string): ImageHead {
  if (head.length < 72 || (view.getUint32(4) >= 3 && head.length < V3_HEADER)) throw damaged(path);
  const [offset, length] = [Number(view.getBigUint64(8)), view.getUint32(16)];
  const size = Number(view.getBigUint64(24));
  const version = view.getUint32(4);
  if (!Number.isSafeInteger(size) || length > 1023 || (length > 0 && offset + length > head.length)) {
    throw damaged(path);
  }
  const name = new TextDecoder().decode(head.subarray(offset, offset + length));
  const backing = offset > 0 && length > 0 ? { name, format: backingFormat(head, view, version) } : null;
  const externalData = version >= 3 && (view.getBigUint64(72) & EXTERNAL_DATA) !== 0n;
  return { format: "qcow2", size, backing, externalData };
}

function damaged(path: string): GuestkitError {
  return new GuestkitError("E_SOURCE_FORMAT", `Cannot use "${path}": its qcow2 header is damaged`, {
    at: { file: path },
    help: `Check it: qemu-img check "${path}"`,
  });
}

/** Header extensions follow the header: type, length, data padded to 8 bytes. */
function backingFormat(head: Uint8Array, view: DataView, version: number): string | null {
  for (let at = version >= 3 ? view.getUint32(100) : 72; at + 8 <= head.length; ) {
    const [type, length] = [view.getUint32(at), view.getUint32(at + 4)];
    if (type === END_OF_EXTENSIONS) return null;
    if (type === BACKING_FORMAT) return new TextDecoder().decode(head.subarray(at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return null;
}

/** The backing file's path where the header names a plain local one, else null. */
export function backingPath(image: string, head: ImageHead): string | null {
  const name = head.backing?.name;
  if (name === undefined) return null;
  if (name.startsWith("json:")) return jsonFile(name.slice(5), image);
  const plain = name.startsWith("file:") ? name.slice(5) : name;
  if (!plain.startsWith("/") && /^[^/]*:/.test(plain)) return null;
  return resolve(dirname(image), plain);
}

/** The file that a `json:` name leads to, through drivers that have one file each. */
function jsonFile(text: string, image: string): string | null {
  try {
    let node = JSON.parse(text) as Record<string, unknown>;
    const flat = node["file.filename"];
    if (typeof flat === "string") return resolve(dirname(image), flat);
    for (let depth = 0; depth < 8; depth++) {
      if (typeof node.filename === "string") return resolve(dirname(image), node.filename);
      node = (node.file ?? {}) as Record<string, unknown>;
    }
  } catch {
    // A name that nobody can follow leads nowhere.
  }
  return null;
}
