import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { type Asker, openNamed, openParent, rebaseHelp, unsaidFormat } from "../named.ts";
import { parseReference } from "../reference.ts";
import type { Packed, RunParts } from "../run-parts.ts";
import { type RunSource, runReader } from "../run-reader.ts";
import { ClusterMap } from "./clusters.ts";
import { deciphered } from "./encryption.ts";
import { damaged, faults } from "./fault.ts";
import { type Header, readHeader } from "./header.ts";
import { findSnapshot, readSnapshots, type StoredSnapshot } from "./snapshots.ts";

/**
 * Opens an image with its data file and its parents, as it is now or as a snapshot keeps it.
 * Throws `E_QCOW2_*`, `E_IMAGE_REFERENCE`, `E_IMAGE_BACKING`, and what the parents throw.
 */
export async function openQcow2(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  const asker = { source, context, seen };
  const header = await readHeader(source);
  const snapshots = await readSnapshots(source, header);
  const { size, l1 } = chooseState(source, header, snapshots, context.snapshot);
  const map = new ClusterMap(source, header, l1);
  map.checkL1(size);
  const data = await openDataFile(asker, header);
  try {
    const backing = await openBacking(asker, header);
    const parent = backing?.image ?? null;
    const stored = data ?? source;
    const plain = header.isEncrypted ? await deciphered(source, stored, header, context) : stored;
    const parts = { name: source.name, size, map, data: plain, parent, faults };
    const reader = runReader({ ...parts, ...rules(header, source, context) });
    return image({ source, data, header, snapshots, backing, reader, size });
  } catch (error) {
    await data?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** How compressed clusters are read, and what a raw data file must keep to. */
function rules(header: Header, source: ByteSource, context: OpenContext): Pick<RunParts, "check" | "packed"> {
  const kind = header.compressionType === "zstd" ? "zstd" : "deflate-raw";
  const inflate: Packed["inflate"] = async (bytes, { host }) => {
    if (header.isEncrypted) throw damaged(source, "L2_ENTRY", host, "a cluster of an encrypted image is compressed");
    return context.decompress(kind, bytes, header.clusterSize);
  };
  const packed = { unit: header.clusterSize, inflate };
  if (!header.rawDataFile) return { packed };
  return {
    packed,
    check: ({ host }, offset) => {
      if (host === offset) return;
      const what = `cluster data at 0x${host.toString(16)} of the raw data file is mapped to 0x${offset.toString(16)}`;
      throw damaged(source, "L2_ENTRY", offset, what);
    },
  };
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
async function openDataFile(asker: Asker, header: Header): Promise<ByteSource | null> {
  if (!header.hasDataFile) return null;
  const { source } = asker;
  const { dataFile } = header.extensions;
  if (!dataFile) throw damaged(source, "DATA_FILE", 72, "its data is in another file, and it does not say which");
  const { filename, offset, size } = parseReference(dataFile, "raw", source.name);
  if (offset > 0 || size !== null) throw damaged(source, "DATA_FILE", 72, "its data file is part of a file");
  const help = `Put it back, or point the image at it: qemu-img amend -o data_file=FILE "${source.name}"`;
  return openNamed(asker, { role: "data file", name: filename, help });
}

type Backing = NonNullable<Image["backing"]>;

async function openBacking(asker: Asker, { backingName, extensions }: Header): Promise<Backing | null> {
  if (backingName === null) return null;
  const { source } = asker;
  const reference = parseReference(backingName, extensions.backingFormat, source.name);
  const image = await openParent(asker, reference, rebaseHelp(source.name));
  return { name: backingName, format: extensions.backingFormat, image };
}

interface Parts {
  readonly source: ByteSource;
  readonly data: ByteSource | null;
  readonly header: Header;
  readonly snapshots: readonly StoredSnapshot[];
  readonly backing: Backing | null;
  readonly reader: RunSource;
  readonly size: number;
}

function image({ source, data, header, snapshots, backing, reader, size }: Parts): Image {
  return imageOf({
    ...{ source, size, reader, backing },
    format: "qcow2",
    others: data ? [data] : [],
    snapshots: snapshots.map(({ l1TableOffset: _, l1Size: __, ...snapshot }) => snapshot),
    details: describe(header),
    warnings: warnings(source, header, backing),
  });
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
    ...(header.isEncrypted && { encryption: "luks" }),
  };
}

function warnings(source: ByteSource, header: Header, backing: Backing | null): string[] {
  const said: string[] = [];
  if (header.corrupt) said.push(`"${source.name}" is marked corrupt: run qemu-img check on it before relying on it`);
  if (header.dirty) said.push(`"${source.name}" is marked dirty: it is in use, or was not closed properly`);
  if (header.lostBacking) said.push(`"${source.name}" has a backing file's length and not its place: none is used`);
  return [...said, ...unsaidFormat(source, backing)];
}
