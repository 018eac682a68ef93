import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { type Asker, openParent, plainName } from "../named.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { type Descriptor, NO_PARENT_ID, parseDescriptor } from "./descriptor.ts";
import { type Extents, openExtents, sparseReader } from "./extents.ts";
import { damaged, unread } from "./fault.ts";
import { DESCRIPTOR_START, Limit } from "./layout.ts";
import { openSparseHeader, type SparseExtent } from "./sparse.ts";

type Backing = NonNullable<Image["backing"]>;

/**
 * Opens an image by its descriptor, alone or within its only extent, with all extents and parents.
 * Throws `E_VMDK_*`, `E_IMAGE_BACKING`, `E_IMAGE_REFERENCE`, and what the parents throw.
 */
export async function openVmdk(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "VMDK");
  const asker = { source, context, seen };
  const { descriptor, own } = await readDescriptor(source);
  const files: ByteSource[] = [];
  const backing = await openBacking(asker, descriptor);
  try {
    const extents = own
      ? { reader: sparseReader(asker, source, own, backing?.image ?? null), size: own.capacity, sparse: [own] }
      : await openExtents(asker, descriptor.extents, backing?.image ?? null, files);
    return image(source, files, descriptor, backing, extents);
  } catch (error) {
    for (const each of files) await each[Symbol.asyncDispose]();
    await backing?.image[Symbol.asyncDispose]();
    throw error;
  }
}

interface Found {
  readonly descriptor: Descriptor;
  /** Where the file is the only extent itself. */
  readonly own: SparseExtent | null;
}

async function readDescriptor(source: ByteSource): Promise<Found> {
  const head = await source.read(0, Math.min(DESCRIPTOR_START.length, source.size));
  if (hasMagic(head, 0, DESCRIPTOR_START)) return { descriptor: await ofFile(source), own: null };
  if (hasMagic(head, 0, "KDMV")) return await embedded(source);
  if (hasMagic(head, 0, "COWD")) throw onlyExtent(source);
  if (hasMagic(head, 0, "\xbe\xba\xfe\xca"))
    throw unread(source, "it is an extent of type SESPARSE, which is not read");
  throw damaged(source, "HEADER", 0, "it starts neither with a descriptor nor with a sparse extent's header");
}

async function ofFile(source: ByteSource): Promise<Descriptor> {
  if (source.size <= Limit.maxDescriptor) return parseDescriptor(await source.read(0, source.size), source, 0);
  throw damaged(source, "DESCRIPTOR", 0, `its descriptor is ${source.size} bytes long`);
}

async function embedded(source: ByteSource): Promise<Found> {
  const header = await openSparseHeader(source);
  if (!header.descriptor) throw onlyExtent(source);
  const { offset, length } = header.descriptor;
  const text = await source.read(offset, length);
  // QEMU leaves room for one in each extent, and nothing in it.
  if (text.every((byte) => byte === 0)) throw onlyExtent(source);
  const descriptor = parseDescriptor(text, source, offset);
  // ESX hides a descriptor of other files in an extent that has no room.
  if (header.capacity === 0) return { descriptor, own: null };
  if (descriptor.extents.length <= 1) return { descriptor, own: header };
  const what = `its descriptor names ${descriptor.extents.length} extents, and it is one itself`;
  throw damaged(source, "DESCRIPTOR", offset, what);
}

function onlyExtent(source: ByteSource): Error {
  return unread(
    source,
    "it is one extent of an image, without the descriptor that says what belongs together",
    "Name the descriptor instead: the .vmdk beside it whose name has no -s001, -f001, -flat or -delta.",
  );
}

async function openBacking(asker: Asker, { parentCid, parentHint }: Descriptor): Promise<Backing | null> {
  if (parentCid === null) return null;
  const { source } = asker;
  if (!parentHint) throw damaged(source, "PARENT", 0, "it has a parent, and does not say where that is");
  const filename = plainName(source, parentHint);
  const help = `Put it back where "${source.name}" looks for it, or write its place into parentFileNameHint of the descriptor`;
  const image = await openParent(asker, { filename, format: "vmdk", offset: 0, size: null }, help);
  try {
    checkParent(source, parentCid, image);
    return { name: parentHint, format: "vmdk", image };
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}

/** A parent that was written to since does not fit any more. */
function checkParent(source: ByteSource, wanted: number, parent: Image): void {
  const { cid } = parent.details;
  if (parent.format !== "vmdk") throw damaged(source, "PARENT", 0, `its parent "${parent.name}" is ${parent.format}`);
  if (cid === wanted) return;
  const said = [wanted, Number(cid)].map((each) => each.toString(16).padStart(8, "0"));
  const what = `its parent "${parent.name}" was written to since: its content id is ${said[1]} instead of ${said[0]}`;
  throw damaged(source, "PARENT", 0, what);
}

function image(
  source: ByteSource,
  files: readonly ByteSource[],
  descriptor: Descriptor,
  backing: Backing | null,
  { reader, size, sparse }: Extents,
): Image {
  const isUnclean = sparse.some((each) => each.isUnclean);
  return imageOf({
    ...{ source, size, reader, backing },
    format: "vmdk",
    others: files,
    details: describe(descriptor, sparse),
    warnings: isUnclean ? [`"${source.name}" is marked as open: it is in use, or was not closed properly`] : [],
  });
}

/** The names are those of `qemu-img info`. */
function describe(
  { createType, cid, parentCid, extents }: Descriptor,
  sparse: readonly SparseExtent[],
): Image["details"] {
  const [first] = sparse;
  return {
    create_type: createType,
    cid,
    parent_cid: parentCid ?? NO_PARENT_ID,
    cluster_size: first && sparse.every(({ grainSize }) => grainSize === first.grainSize) ? first.grainSize : null,
    compressed: sparse.some(({ isCompressed }) => isCompressed),
    extents: Math.max(1, extents.length),
  };
}
