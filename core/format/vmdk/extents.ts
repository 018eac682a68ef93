import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import type { Image } from "../format.ts";
import { joined, type Stretch } from "../joined.ts";
import { type Asker, openNamed, plainName } from "../named.ts";
import { type RunSource, runReader } from "../run-reader.ts";
import type { ExtentLine } from "./extent-line.ts";
import { damaged, faults } from "./fault.ts";
import { grainMap, packedGrains } from "./grains.ts";
import { openCowdHeader, openSparseHeader, type SparseExtent } from "./sparse.ts";

/** The disk that the extents of a descriptor are, and what is known of them. */
export interface Extents {
  readonly reader: RunSource;
  /** Bytes. */
  readonly size: number;
  /** Headers of those that are sparse. */
  readonly sparse: readonly SparseExtent[];
}

/** A sparse extent as a source; what it does not hold is the parent's from `start` on. */
export function sparseReader(
  { source, context }: Asker,
  file: ByteSource,
  extent: SparseExtent,
  parent: ByteSource | null,
): RunSource {
  const inflate = (packed: Uint8Array, size: number) => context.decompress("zlib", packed, size);
  return runReader({
    name: source.name,
    size: extent.capacity,
    map: grainMap(file, extent),
    ...{ data: file, parent, faults },
    ...(extent.isCompressed && { packed: packedGrains(file, extent, inflate) }),
  });
}

/**
 * Opens the extents of a descriptor, whose files are put into `files`: close them. Throws `E_IMAGE_BACKING`,
 * `E_IMAGE_REFERENCE`, `E_VMDK_*`.
 */
export async function openExtents(
  asker: Asker,
  lines: readonly ExtentLine[],
  parent: Image | null,
  files: ByteSource[],
): Promise<Extents> {
  const { source } = asker;
  if (lines.length === 0) throw damaged(source, "DESCRIPTOR", 0, "its descriptor names no extents");
  const stretches: Stretch[] = [];
  const sparse: SparseExtent[] = [];
  let start = 0;
  for (const line of lines) {
    const file = line.kind === "zero" ? null : await openFile(asker, line, files);
    const header = file ? await headerOf(file, line) : null;
    if (header) sparse.push(header);
    stretches.push({ length: line.length, source: file && readerOf(asker, file, line, header, under(parent, start)) });
    start += line.length;
  }
  if (!Number.isSafeInteger(start)) throw damaged(source, "EXTENT", 0, "its extents are longer than any disk");
  const reader = joined(source.name, stretches);
  return { reader, size: reader.size, sparse };
}

/** One file may hold several extents. */
async function openFile(asker: Asker, { file }: ExtentLine, files: ByteSource[]): Promise<ByteSource> {
  const name = plainName(asker.source, file);
  const help = `All files of the image belong together: put "${name}" where "${asker.source.name}" looks for it`;
  const opened = await openNamed(asker, { role: "extent", name, help });
  const known = files.find((each) => each.name === opened.name);
  if (!known) files.push(opened);
  else await opened[Symbol.asyncDispose]();
  return known ?? opened;
}

async function headerOf(file: ByteSource, { kind, length }: ExtentLine): Promise<SparseExtent | null> {
  if (kind !== "sparse" && kind !== "cowd") return null;
  const header = kind === "sparse" ? await openSparseHeader(file) : await openCowdHeader(file);
  if (header.capacity === length) return header;
  throw damaged(file, "EXTENT", 12, `the extent has ${header.capacity} bytes, and the descriptor says ${length}`);
}

function readerOf(
  asker: Asker,
  file: ByteSource,
  { offset, length }: ExtentLine,
  header: SparseExtent | null,
  parent: ByteSource | null,
): Stretch["source"] {
  if (header) return sparseReader(asker, file, header, parent);
  if (offset + length <= file.size) return windowSource(file, offset, length);
  const what = `the extent takes ${length} bytes from ${offset} on, and the file ends at ${file.size}`;
  throw damaged(file, "DATA_BOUNDS", offset, what);
}

/** What a parent holds from `start` on; null behind its end. */
function under(parent: Image | null, start: number): ByteSource | null {
  return parent && start < parent.size ? windowSource(parent, start, parent.size - start) : null;
}
