import { mendVhd } from "../../support/made-images/vhd.ts";
import { mendVhdx, VHDX_PLACES } from "../../support/made-images/vhdx.ts";
import { fieldsAt, noMend, type Structure, words } from "./structure.ts";

/** What no checksum of VHD's and VHDX's covers: damage there may go unseen. Null where a log or a guest's bytes decide. */
export function blockContent(name: string, { length }: Uint8Array): (readonly [number, number])[] | null {
  if (name === "vhd-base") return [[1536, length - 512]];
  if (name !== "vhdx-base") return null;
  const between = [
    [0, 64 * KIB],
    [68 * KIB, 128 * KIB],
    [132 * KIB, 192 * KIB],
    [320 * KIB, length],
  ] as const;
  return [...between];
}

type Make = (kind: string, fields: Structure["fields"], mend?: Structure["mend"]) => Structure;

const KIB = 1024;

/** Those of VDI, VHD and VHDX, told by their marks. */
export function blockStructures(bytes: Uint8Array): Structure[] {
  const starts = (text: string, at: number) => text === String.fromCharCode(...bytes.subarray(at, at + text.length));
  const tempting = [512, 1024, 1536, 4096, bytes.length, bytes.length - 512, 1 << 20, 1 << 16, 2, 3, 4, 6, 7];
  const make: Make = (kind, fields, mend = noMend) => ({ kind, name: kind, fields, tempting, mend });
  if (starts("vhdxfile", 0)) return vhdxStructures(bytes, make);
  return starts("\x7f\x10\xda\xbe", 64) ? vdiStructures(make) : vhdStructures(bytes, make, starts("conectix", 0));
}

const VDI_HEADER = {
  version: [68, 4],
  type: [76, 4],
  map: [0x154, 4],
  data: [0x158, 4],
  sector: [0x168, 4],
  size: [0x170, 8],
  block: [0x178, 4],
  extra: [0x17c, 4],
  blocks: [0x180, 4],
  link: [0x1a8, 8],
} as const;

function vdiStructures(make: Make): Structure[] {
  return [make("vdi header", fieldsAt(0, VDI_HEADER)), make("vdi map", words("entry", 512, 524, 4))];
}

const FOOTER = {
  features: [8, 4],
  version: [12, 4],
  header: [16, 8],
  creator: [28, 4],
  original: [40, 8],
  current: [48, 8],
  cylinders: [56, 2],
  heads: [58, 1],
  sectors: [59, 1],
  type: [60, 4],
  id: [68, 8],
  saved: [84, 1],
} as const;
const DYNAMIC = {
  table: [16, 8],
  version: [24, 4],
  entries: [28, 4],
  block: [32, 4],
  parent: [40, 8],
  name: [64, 8],
  code: [576, 4],
  space: [580, 4],
  length: [584, 4],
  offset: [592, 8],
  code2: [600, 4],
  offset2: [616, 8],
} as const;

function vhdStructures(bytes: Uint8Array, make: Make, hasCopy: boolean): Structure[] {
  const footerAt = (at: number, kind: string) =>
    make(kind, fieldsAt(at, FOOTER, true), (image) => mendVhd(image.subarray(at, at + 512), 64));
  const last = footerAt(bytes.length - 512, "vhd footer");
  if (!hasCopy) return [last];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blocks = words("", 1536, 1548, 4).map(({ at }) => view.getUint32(at));
  const bitmaps = blocks.filter((sector) => sector !== 0xffffffff).map((sector) => sector * 512);
  const bits = bitmaps.flatMap((at) => words("bits", at, at + 8, 1));
  return [
    ...[last, footerAt(0, "vhd copy")],
    make("vhd header", fieldsAt(512, DYNAMIC, true), (image) => mendVhd(image.subarray(512, 1536), 36)),
    make("vhd table", words("entry", 1536, 1548, 4, true)),
    make("vhd bitmaps", bits),
    make("vhd locators", words("letter", 2048, 2064, 2)),
  ];
}

const HEADER = {
  sequence: [8, 8],
  write: [32, 8],
  log: [48, 8],
  logVersion: [64, 2],
  version: [66, 2],
  length: [68, 4],
  offset: [72, 8],
} as const;
function vhdxStructures(bytes: Uint8Array, make: Make): Structure[] {
  const { log, metadata, bat } = VHDX_PLACES;
  const mend = (at: number, length: number) => (image: Uint8Array) => mendVhdx(image.subarray(at, at + length));
  const headers = [64 * KIB, 128 * KIB].map((at) => make("vhdx header", fieldsAt(at, HEADER), mend(at, 4 * KIB)));
  const regions = [192 * KIB, 256 * KIB].map((at) =>
    make("vhdx regions", words("word", at + 8, at + 80, 4), mend(at, 64 * KIB)),
  );
  const entries = [log, log + 8 * KIB].filter((at) => bytes[at] === 0x6c);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const logs = entries.map((at) => {
    const length = view.getUint32(at + 8, true);
    const fields = [...words("word", at + 8, at + 32, 4), ...words("word", at + 48, at + 128, 8)];
    return make("vhdx log", [...fields, ...words("data", at + 4 * KIB, at + 4 * KIB + 64, 8)], mend(at, length));
  });
  const items = words("item", metadata + 64 * KIB, metadata + 64 * KIB + 96, 4);
  const isChild = view.getUint16(metadata + 10, true) === 6;
  return [
    ...headers,
    ...regions,
    ...logs,
    make("vhdx metadata", words("word", metadata + 8, metadata + 32 + 6 * 32, 4)),
    make("vhdx items", items),
    make("vhdx table", words("entry", bat, bat + 32, 8)),
    ...(isChild ? [make("vhdx bitmap entry", words("entry", bat + 4096 * 8, bat + 4096 * 8 + 8, 8))] : []),
  ];
}
