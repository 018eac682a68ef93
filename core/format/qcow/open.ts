import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { type Asker, openParent, rebaseHelp, unsaidFormat } from "../named.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { parseReference } from "../reference.ts";
import { dataRun, parentRun, type Run, type RunMap } from "../run.ts";
import { runReader } from "../run-reader.ts";
import { twoLevelMap } from "../two-level-map.ts";
import { faults, type Header, openHeader } from "./header.ts";
import { COMPRESSED } from "./layout.ts";

const { damaged, checkRange } = faults;

/** Opens an image with its parents. Throws `E_QCOW_*`, `E_IMAGE_REFERENCE`, `E_IMAGE_BACKING`, and what the parents throw. */
export async function openQcow(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "QCOW");
  const header = await openHeader(source);
  const backing = await openBacking({ source, context, seen }, header);
  const { size, clusterBits } = header;
  const unit = 2 ** clusterBits;
  const parts = { name: source.name, size, map: clusterMap(source, header), data: source, faults };
  return imageOf({
    ...{ source, size, backing },
    format: "qcow",
    reader: runReader({
      ...parts,
      parent: backing?.image ?? null,
      packed: { unit, inflate: (bytes) => context.decompress("deflate-raw", bytes, unit) },
    }),
    details: { cluster_size: unit },
    warnings: unsaidFormat(source, backing),
  });
}

async function openBacking(asker: Asker, { backingName: name }: Header): Promise<Image["backing"]> {
  if (name === null) return null;
  const { source } = asker;
  const image = await openParent(asker, parseReference(name, null, source.name), rebaseHelp(source.name));
  return { name, format: null, image };
}

/** An L1 table of L2 tables of clusters, each named by its offset in the file. */
function clusterMap(source: ByteSource, header: Header): RunMap {
  const { clusterBits, perTable, l1 } = header;
  const clusterSize = 2 ** clusterBits;
  const offsetAt = (view: DataView, at: number, place: number): number => {
    const high = view.getUint32(at);
    if (high > 0x1fffff) throw damaged(source, "ENTRY", place, `an entry is 0x${view.getBigUint64(at).toString(16)}`);
    return high * 2 ** 32 + view.getUint32(at + 4);
  };
  return twoLevelMap({
    ...{ source, faults, perTable, unit: clusterSize },
    directory: l1,
    entrySize: 8,
    alignment: 1,
    table: (view, at) => offsetAt(view, at, l1.offset),
    decode: (view, at, place) => {
      if ((view.getUint32(at) & COMPRESSED) !== 0) return compressedRun(source, clusterBits, view, at, place);
      const host = offsetAt(view, at, place);
      return host === 0 ? parentRun(clusterSize) : dataRun(host, clusterSize);
    },
  });
}

/** Below the flag the length, in as many bits as a cluster's length has, then the offset. */
function compressedRun(source: ByteSource, clusterBits: number, view: DataView, at: number, place: number): Run {
  const clusterSize = 2 ** clusterBits;
  const entry = view.getBigUint64(at);
  const split = BigInt(63 - clusterBits);
  const stored = Number((entry >> split) & BigInt(clusterSize - 1));
  const host = Number(entry & ((1n << split) - 1n));
  if (stored === 0) throw damaged(source, "ENTRY", place, "a compressed cluster is 0 bytes");
  checkRange(source, "DATA_BOUNDS", "compressed cluster", { offset: host, length: stored, alignment: 1, at: place });
  return { kind: "compressed", length: clusterSize, host, stored };
}
