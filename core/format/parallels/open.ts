import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { openBundle } from "./bundle.ts";
import { parseDiskDescriptor } from "./descriptor.ts";
import { type Expandable, expandableReader, openExpandable } from "./expandable.ts";
import { damaged } from "./fault.ts";
import { Limit, MAGIC, OLD_MAGIC } from "./layout.ts";

/**
 * Opens an expandable image, or a DiskDescriptor.xml with all files of the disk's present state.
 * Throws `E_PARALLELS_*`, `E_XML_SYNTAX`, `E_IMAGE_BACKING`, `E_IMAGE_REFERENCE`.
 */
export async function openParallels(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "Parallels");
  const head = await source.read(0, Math.min(MAGIC.length, source.size));
  const isAlone = hasMagic(head, 0, MAGIC) || hasMagic(head, 0, OLD_MAGIC);
  return isAlone ? await openAlone(source) : await openDescriptor(source, context, seen);
}

async function openAlone(source: ByteSource): Promise<Image> {
  const image = await openExpandable(source);
  const reader = expandableReader(source, image, null);
  const said = [...unclean(source, [image]), ...partNote(source)];
  return imageOf({ source, size: image.size, format: "parallels", reader, details: describe([image]), warnings: said });
}

async function openDescriptor(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  if (source.size > Limit.maxDescriptor) throw damaged(source, "DESCRIPTOR", 0, `it is ${source.size} bytes long`);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  const descriptor = parseDiskDescriptor(text, source);
  const files: ByteSource[] = [];
  try {
    const { reader, size, images } = await openBundle({ source, context, seen }, descriptor, files);
    const parts = { source, size, format: "parallels", reader, others: files };
    return imageOf({ ...parts, details: describe(images), warnings: unclean(source, images) });
  } catch (error) {
    for (const each of files) await each[Symbol.asyncDispose]();
    throw error;
  }
}

function describe(images: readonly Expandable[]): Image["details"] {
  const [first] = images;
  return { cluster_size: first?.clusterSize ?? null, in_use: images.some(({ isInUse }) => isInUse) };
}

function unclean({ name }: ByteSource, images: readonly Expandable[]): readonly string[] {
  if (!images.some(({ isInUse }) => isInUse)) return [];
  return [`"${name}" is marked as open: it is in use, or was not closed properly`];
}

/** As files of a disk with a descriptor are called: nothing in one says whether it stands on another. */
const PART = /\.\{[0-9a-fA-F-]{36}\}\.hds$/;

function partNote({ name }: ByteSource): readonly string[] {
  if (!PART.test(name)) return [];
  return [`"${name}" is one file of a Parallels disk, and may stand on another: open DiskDescriptor.xml beside it`];
}
