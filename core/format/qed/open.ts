import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { type Asker, openParent, rebaseHelp, unsaidFormat } from "../named.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { parseReference } from "../reference.ts";
import { dataRun, parentRun, type RunMap, zeroRun } from "../run.ts";
import { runReader } from "../run-reader.ts";
import { twoLevelMap } from "../two-level-map.ts";
import { damaged, faults } from "./fault.ts";
import { type Header, openHeader } from "./header.ts";
import { ZERO_CLUSTER } from "./layout.ts";

/** Opens an image with its parents. Throws `E_QED_*`, `E_IMAGE_REFERENCE`, `E_IMAGE_BACKING`, and what the parents throw. */
export async function openQed(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "QED");
  const header = await openHeader(source);
  const backing = await openBacking({ source, context, seen }, header);
  const { size, clusterSize, tableSize, needsCheck } = header;
  const parts = { name: source.name, size, map: clusterMap(source, header), data: source, faults };
  const dirty = needsCheck ? [`"${source.name}" is marked dirty: it is in use, or was not closed properly`] : [];
  return imageOf({
    ...{ source, size, backing },
    format: "qed",
    reader: runReader({ ...parts, parent: backing?.image ?? null }),
    details: { cluster_size: clusterSize, table_size: tableSize, dirty: needsCheck },
    warnings: [...dirty, ...unsaidFormat(source, backing)],
  });
}

async function openBacking(asker: Asker, { backing }: Header): Promise<Image["backing"]> {
  if (!backing) return null;
  const { name, format } = backing;
  const { source } = asker;
  const image = await openParent(asker, parseReference(name, format, source.name), rebaseHelp(source.name));
  return { name, format, image };
}

const ENTRY = 8;

/** An L1 table of L2 tables of clusters, each named by its offset in the file. */
function clusterMap(source: ByteSource, { clusterSize, tableSize, l1TableOffset, size }: Header): RunMap {
  const perTable = tableSize / ENTRY;
  return twoLevelMap({
    ...{ source, faults, perTable, unit: clusterSize },
    directory: { offset: l1TableOffset, entries: Math.ceil(size / (perTable * clusterSize)) },
    entrySize: ENTRY,
    alignment: clusterSize,
    table: (view, at, place) => offsetAt(source, view, at, place),
    decode: (view, at, place) => {
      const host = offsetAt(source, view, at, place);
      if (host === 0) return parentRun(clusterSize);
      if (host === ZERO_CLUSTER) return zeroRun(clusterSize);
      if (host % clusterSize === 0) return dataRun(host, clusterSize);
      throw damaged(source, "L2_ENTRY", place, `cluster offset 0x${host.toString(16)} is not aligned`);
    },
  });
}

/** The entry at `at`; `place` is its offset in the file. */
function offsetAt(source: ByteSource, view: DataView, at: number, place: number): number {
  const [low, high] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  if (high <= MAX_HIGH) return high * 2 ** 32 + low;
  throw damaged(source, "TABLE_ENTRY", place, "a table names an offset past 2^53");
}

/** Of a safe integer. */
const MAX_HIGH = 0x1fffff;
