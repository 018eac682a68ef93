import { fieldsAt, noMend, type Structure, words } from "./structure.ts";

const SECTOR = 512;
const SPARSE = {
  version: [4, 4],
  flags: [8, 4],
  capacity: [12, 8],
  grain: [20, 8],
  descriptor: [28, 8],
  descriptorSize: [36, 8],
  perTable: [44, 4],
  redundant: [48, 8],
  directory: [56, 8],
  overHead: [64, 8],
  unclean: [72, 1],
  algorithm: [77, 2],
} as const;
const QED = {
  cluster: [4, 4],
  table: [8, 4],
  header: [12, 4],
  features: [16, 8],
  l1: [40, 8],
  size: [48, 8],
  name: [56, 4],
  nameLength: [60, 4],
} as const;
const PARALLELS = {
  version: [16, 4],
  tracks: [28, 4],
  entries: [32, 4],
  sectors: [36, 8],
  inUse: [44, 4],
  data: [48, 4],
  flags: [52, 4],
} as const;

/** Those of VMDK, QED and Parallels, told by their marks; a descriptor's letters are fields of their own. */
export function extentStructures(bytes: Uint8Array): Structure[] {
  const tempting = [1, 2, 3, 8, 64, 128, 512, 4096, bytes.length, Math.ceil(bytes.length / SECTOR), 0x22, 0x2f, 0x3c];
  const make = (kind: string, fields: Structure["fields"]): Structure => {
    return { kind, name: kind, fields, tempting, mend: noMend };
  };
  const mark = String.fromCharCode(...bytes.subarray(0, 4));
  if (mark === "QED\0") {
    const tables = [...words("L1", 4096, 4128, 8), ...words("L2", 8192, 8192 + 160 * 8, 8)];
    return [
      make("qed header", fieldsAt(0, QED)),
      make("qed tables", tables),
      make("qed name", words("letter", 64, 72, 1)),
    ];
  }
  if (mark === "With") {
    return [make("parallels header", fieldsAt(0, PARALLELS)), make("parallels table", words("entry", 64, 704, 4))];
  }
  if (mark !== "KDMV") return [make("descriptor", words("letter", 0, bytes.length, 1))];
  return vmdkStructures(bytes, make);
}

function vmdkStructures(
  bytes: Uint8Array,
  make: (kind: string, fields: Structure["fields"]) => Structure,
): Structure[] {
  const head = [
    make("vmdk header", fieldsAt(0, SPARSE)),
    make("vmdk descriptor", words("letter", SECTOR, 2 * SECTOR, 1)),
  ];
  if (bytes[60] !== 0xff) {
    const tables = [
      ...words("directory", 2 * SECTOR, 2 * SECTOR + 4, 4),
      ...words("table", 3 * SECTOR, 3 * SECTOR + 640, 4),
    ];
    return [...head, make("vmdk tables", tables)];
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const footer = bytes.length - 2 * SECTOR;
  const directory = view.getUint32(footer + 56, true) * SECTOR;
  const table = view.getUint32(directory, true) * SECTOR;
  const grains = words("", table, table + 64, 4)
    .map(({ at }) => view.getUint32(at, true) * SECTOR)
    .filter((at) => at !== 0);
  const markers = grains.flatMap((at) => fieldsAt(at, { lba: [0, 8], size: [8, 4], stream: [12, 4] }));
  return [
    ...head,
    make("vmdk footer", fieldsAt(footer, SPARSE)),
    make(
      "vmdk footer's markers",
      [footer - SECTOR, footer + SECTOR].flatMap((at) => words("word", at, at + 16, 4)),
    ),
    make("vmdk tables", [...words("directory", directory, directory + 4, 4), ...words("table", table, table + 64, 4)]),
    make("vmdk grains", markers),
  ];
}
