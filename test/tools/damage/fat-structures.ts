import { type Field, fieldsAt, noMend, type Structure, words } from "./structure.ts";

const BOOT = {
  jump: [0, 1],
  sector_size: [11, 2],
  sectors_per_cluster: [13, 1],
  reserved: [14, 2],
  fats: [16, 1],
  root_entries: [17, 2],
  total16: [19, 2],
  media: [21, 1],
  fat_size16: [22, 2],
  total32: [32, 4],
  fat_size32: [36, 4],
  flags32: [40, 2],
  version32: [42, 2],
  root_cluster: [44, 4],
  info: [48, 2],
  backup: [50, 2],
  signature: [510, 2],
} as const;
const ENTRY = {
  name: [0, 1],
  more: [1, 1],
  extension: [8, 1],
  attributes: [11, 1],
  case: [12, 1],
  time: [22, 2],
  cluster_high: [20, 2],
  cluster: [26, 2],
  size: [28, 4],
} as const;

/** Boot sectors, used entries of the tables, and directory entries of the FAT at `base`. */
export function fatStructures(bytes: Uint8Array, base = 0): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + base);
  const sector = view.getUint16(11, true);
  const is32 = view.getUint16(22, true) === 0;
  const fatSize = (is32 ? view.getUint32(36, true) : view.getUint16(22, true)) * sector;
  const fat = view.getUint16(14, true) * sector;
  const root = fat + view.getUint8(16) * fatSize;
  const data = root + Math.ceil((view.getUint16(17, true) * 32) / sector) * sector;
  const cluster = view.getUint8(13) * sector;
  const boot: Structure = {
    kind: "boot sector",
    name: "boot sector",
    fields: fieldsAt(base, BOOT),
    tempting: [512, 1024, 6],
    mend: noMend,
  };
  const backup = { ...boot, name: "backup boot sector", fields: fieldsAt(base + 6 * sector, BOOT) };
  const table: Structure = {
    kind: "table",
    name: "allocation table",
    fields: words("entry", base + fat, base + fat + Math.min(fatSize, 200), is32 ? 4 : 2),
    tempting: [2, 3, 4, 5, 0xff8, 0xff7, 0xfff7, 0xfff8, 0x0ffffff7, 0xfff0],
    mend: noMend,
  };
  const areas = [[root, data], ...directoryClusters(view, data, cluster)];
  const entries = areas.flatMap(([start, end]) => entriesIn(bytes, base + (start ?? 0), base + (end ?? 0)));
  return [boot, ...(is32 ? [backup] : []), table, ...entries];
}

/** Clusters near the start whose first entry is `.`, and FAT32's root. */
function directoryClusters(view: DataView, data: number, size: number): [number, number][] {
  const found: [number, number][] = [];
  for (let at = data; at < data + 200 * size && at + size <= view.byteLength; at += size) {
    if (view.getUint16(at, true) === 0x202e || at === data) found.push([at, at + size]);
  }
  return found;
}

function entriesIn(bytes: Uint8Array, start: number, end: number): Structure[] {
  const found: Structure[] = [];
  for (let at = start; at < end && bytes[at] !== 0; at += 32) {
    const long = bytes[at + 11] === 0x0f;
    found.push({
      kind: long ? "long name" : "entry",
      name: `${long ? "long name" : "entry"} at ${at}`,
      fields: long ? longFields(at) : fieldsAt(at, ENTRY),
      tempting: [2, 3, 4, 5, 6, 0x10, 0x0f, 0x08, 0x2e, 0x2f, 0xe5],
      mend: long ? noMend : mendLongNames(at),
    });
  }
  return found;
}

function longFields(at: number): Field[] {
  return fieldsAt(at, {
    order: [0, 1],
    unit: [1, 2],
    second: [3, 2],
    attributes: [11, 1],
    checksum: [13, 1],
    last: [30, 2],
  });
}

/** The checksum of a short name stands in each piece of its long one. */
function mendLongNames(at: number): (image: Uint8Array) => void {
  return (image) => {
    const name = image.subarray(at, at + 11);
    const sum = name.reduce((total, byte) => (((total & 1) << 7) + (total >> 1) + byte) & 0xff, 0);
    for (let piece = at - 32; piece >= 0 && image[piece + 11] === 0x0f; piece -= 32) image[piece + 13] = sum;
  };
}
