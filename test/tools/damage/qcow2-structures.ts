import { fieldsAt, noMend, type Structure, words } from "./structure.ts";

const HEADER = {
  magic: [0, 4],
  version: [4, 4],
  backing_offset: [8, 8],
  backing_size: [16, 4],
  cluster_bits: [20, 4],
  size: [24, 8],
  crypt_method: [32, 4],
  l1_size: [36, 4],
  l1_offset: [40, 8],
  refcount_offset: [48, 8],
  refcount_clusters: [56, 4],
  snapshots: [60, 4],
  snapshots_offset: [64, 8],
  incompatible: [72, 8],
  compatible: [80, 8],
  autoclear: [88, 8],
  refcount_order: [96, 4],
  header_length: [100, 4],
  compression_type: [104, 1],
} as const;
const SNAPSHOT = {
  l1_offset: [0, 8],
  l1_size: [8, 4],
  id_length: [12, 2],
  name_length: [14, 2],
  state_size: [32, 4],
  extra_size: [36, 4],
  state: [40, 8],
  disk_size: [48, 8],
} as const;

/** qcow2 has no checksums: there is nothing to mend. */
export function qcow2Structures(bytes: Uint8Array): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cluster = 2 ** view.getUint32(20);
  const l1 = Number(view.getBigUint64(40));
  const entries = view.getUint32(36);
  const l1End = l1 + Math.min(entries, 16) * 8;
  const tables = words("", l1, l1End, 8).map(({ at }) => Number(view.getBigUint64(at) & 0xfffffffffffe00n));
  const tempting = [cluster, l1, ...tables, bytes.length - cluster, bytes.length, 1, 9, 16, 21, 22];
  const made = (kind: string, fields: Structure["fields"]): Structure => ({
    kind,
    name: kind,
    fields,
    tempting,
    mend: noMend,
  });
  const extensions =
    view.getUint32(4) === 3 ? [made("extensions", words("word", view.getUint32(100), 400, 4, true))] : [];
  const snapshots = view.getUint32(60) > 0 ? [made("snapshots", snapshotFields(view))] : [];
  const used = tables.filter((table) => table > 0);
  return [
    made("header", fieldsAt(0, HEADER, true)),
    made("L1 table", [...words("entry", l1, l1End, 8, true), ...words("half", l1, l1End, 4, true)]),
    ...used.map((table) => made("L2 table", l2Fields(view, table, cluster))),
    ...used.map((table) => made("compressed data", compressedFields(view, table, cluster))),
    ...extensions,
    ...snapshots,
  ].filter(({ fields }) => fields.length > 0);
}

function l2Fields(view: DataView, table: number, cluster: number): Structure["fields"] {
  const set = words("entry", table, table + cluster, 8, true).filter(({ at }) => view.getBigUint64(at) !== 0n);
  return set.flatMap(({ at }) => [...words("entry", at, at + 8, 8, true), ...words("half", at, at + 8, 4, true)]);
}

/** The first bytes of compressed clusters: the codecs' own headers. */
function compressedFields(view: DataView, table: number, cluster: number): Structure["fields"] {
  const bits = BigInt(70 - Math.log2(cluster));
  const packed = words("", table, table + cluster, 8)
    .map(({ at }) => view.getBigUint64(at))
    .filter((entry) => entry >> 62n === 1n)
    .map((entry) => Number(entry & ((1n << bits) - 1n)));
  return packed.filter((at) => at + 24 < view.byteLength).flatMap((at) => words("packed", at, at + 24, 1));
}

function snapshotFields(view: DataView): Structure["fields"] {
  const table = Number(view.getBigUint64(64));
  return fieldsAt(table, SNAPSHOT, true);
}
