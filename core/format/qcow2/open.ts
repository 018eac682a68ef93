import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import type { Image, OpenContext } from "../format.ts";
import { type ImageReference, parseReference } from "../reference.ts";
import { ClusterMap } from "./clusters.ts";
import { damaged, unopened } from "./fault.ts";
import { type Header, readHeader } from "./header.ts";
import { ClusterReader } from "./reader.ts";
import { findSnapshot, readSnapshots, type StoredSnapshot } from "./snapshots.ts";

/**
 * Opens an image with its data file and its parents, as it is now or as a snapshot keeps it.
 * Throws `E_QCOW2_*`, `E_IMAGE_REFERENCE`, `E_IMAGE_BACKING`, and what the parents throw.
 */
export async function openQcow2(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  const header = await readHeader(source);
  const snapshots = await readSnapshots(source, header);
  const { size, l1 } = chooseState(source, header, snapshots, context.snapshot);
  const map = new ClusterMap(source, header, l1);
  map.checkL1(size);
  const data = await openDataFile(source, header, context);
  try {
    const backing = await openBacking(source, header, context, seen);
    const reader = new ClusterReader({ source, data, header, map, backing, size, decompress: context.decompress });
    return image({ source, data, header, snapshots, backing, reader, size });
  } catch (error) {
    await data?.[Symbol.asyncDispose]();
    throw error;
  }
}

function chooseState(
  source: ByteSource,
  header: Header,
  snapshots: readonly StoredSnapshot[],
  wanted: string | undefined,
): { size: number; l1: { offset: number; entries: number } } {
  if (wanted === undefined) {
    return { size: header.size, l1: { offset: header.l1TableOffset, entries: header.l1Size } };
  }
  const { virtualSize, l1TableOffset, l1Size } = findSnapshot(source, snapshots, wanted);
  return { size: virtualSize, l1: { offset: l1TableOffset, entries: l1Size } };
}

/** Null where the image holds its data itself. */
async function openDataFile(source: ByteSource, header: Header, context: OpenContext): Promise<ByteSource | null> {
  if (!header.hasDataFile) return null;
  const { dataFile } = header.extensions;
  if (!dataFile) throw damaged(source, "DATA_FILE", 72, "its data is in another file, and it does not say which");
  const { filename, offset, size } = parseReference(dataFile, "raw", source.name);
  if (offset > 0 || size !== null) throw damaged(source, "DATA_FILE", 72, "its data file is part of a file");
  return openNamed(source, context, "data file", filename);
}

type Backing = NonNullable<Image["backing"]>;

async function openBacking(
  source: ByteSource,
  header: Header,
  context: OpenContext,
  seen: readonly string[],
): Promise<Backing | null> {
  const { backingName, extensions } = header;
  if (backingName === null) return null;
  const reference = parseReference(backingName, extensions.backingFormat, source.name);
  const file = await openNamed(source, context, "backing file", reference.filename);
  const image = await context.openImage(part(file, reference), reference.format, [...seen, source.name]);
  return { name: backingName, format: extensions.backingFormat, image };
}

async function openNamed(source: ByteSource, context: OpenContext, role: string, name: string): Promise<ByteSource> {
  try {
    return await context.openFile(name, source.name);
  } catch (cause) {
    throw unopened(source, role, name, cause);
  }
}

/** A raw parent may be a stretch of its file; closing it closes the file. */
function part(file: ByteSource, { offset, size }: ImageReference): ByteSource {
  if (offset === 0 && size === null) return file;
  const start = Math.min(offset, file.size);
  const window = windowSource(file, start, Math.min(size ?? file.size, file.size - start));
  return { ...window, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
}

interface Parts {
  readonly source: ByteSource;
  readonly data: ByteSource | null;
  readonly header: Header;
  readonly snapshots: readonly StoredSnapshot[];
  readonly backing: Backing | null;
  readonly reader: ClusterReader;
  readonly size: number;
}

function image({ source, data, header, snapshots, backing, reader, size }: Parts): Image {
  return {
    name: source.name,
    size,
    read: (offset, length, signal) => reader.read(offset, length, signal),
    extent: (offset, length, signal) => reader.extent(offset, length, signal),
    format: "qcow2",
    files: [source.name, ...(data ? [data.name] : []), ...(backing?.image.files ?? [])],
    backing,
    snapshots: snapshots.map(({ id, name, createdAt, vmStateSize, virtualSize }) => ({
      id,
      name,
      createdAt,
      vmStateSize,
      virtualSize,
    })),
    details: describe(header),
    warnings: warnings(source, header, backing),
    [Symbol.asyncDispose]: async () => {
      await backing?.image[Symbol.asyncDispose]();
      await data?.[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}

/** The names are those of `qemu-img info`. */
function describe(header: Header): Image["details"] {
  return {
    compat: header.version === 2 ? "0.10" : "1.1",
    cluster_size: header.clusterSize,
    compression_type: header.compressionType,
    refcount_bits: header.refcountBits,
    lazy_refcounts: header.lazyRefcounts,
    extended_l2: header.extendedL2,
    data_file: header.hasDataFile ? header.extensions.dataFile : null,
    data_file_raw: header.rawDataFile,
    bitmaps: header.hasBitmaps,
    dirty: header.dirty,
    corrupt: header.corrupt,
  };
}

function warnings(source: ByteSource, header: Header, backing: Backing | null): string[] {
  const said: string[] = [];
  if (header.corrupt) said.push(`"${source.name}" is marked corrupt: run qemu-img check on it before relying on it`);
  if (header.dirty) said.push(`"${source.name}" is marked dirty: it is in use, or was not closed properly`);
  if (header.lostBacking) said.push(`"${source.name}" has a backing file's length and not its place: none is used`);
  if (backing?.format === null && !backing.name.startsWith("json:")) {
    said.push(`"${source.name}" does not say its backing file's format: it is opened as ${backing.image.format}`);
  }
  return [...said, ...(backing?.image.warnings ?? [])];
}
