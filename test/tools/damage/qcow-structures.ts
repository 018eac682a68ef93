import { fieldsAt, noMend, type Structure, words } from "./structure.ts";

const HEADER = {
  version: [4, 4],
  backing_offset: [8, 8],
  backing_size: [16, 4],
  size: [24, 8],
  cluster_bits: [32, 1],
  l2_bits: [33, 1],
  crypt_method: [36, 4],
  l1_offset: [40, 8],
} as const;

/** Version 1 of qcow has no checksums: there is nothing to mend. */
export function qcowStructures(bytes: Uint8Array): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const l1 = Number(view.getBigUint64(40));
  const cluster = 2 ** view.getUint8(32);
  const first = Number(view.getBigUint64(l1));
  const tempting = [cluster, l1, first, bytes.length - cluster, bytes.length, 1, 6, 9, 13, 16];
  const made = (kind: string, fields: Structure["fields"]): Structure => ({
    ...{ kind, name: kind, fields, tempting },
    mend: noMend,
  });
  const entries = words("entry", first, first + 2048, 8, true).filter(({ at }) => view.getBigUint64(at) !== 0n);
  const halves = entries.flatMap(({ at }) => words("half", at, at + 8, 4, true));
  return [
    made("qcow header", fieldsAt(0, HEADER, true)),
    made("qcow L1", [...words("entry", l1, l1 + 8, 8, true), ...words("half", l1, l1 + 8, 4, true)]),
    made("qcow L2", [...entries, ...halves]),
  ];
}
