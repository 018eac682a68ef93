import { crc32 } from "node:zlib";
import { ext4Structures } from "./ext4-structures.ts";
import { fatStructures } from "./fat-structures.ts";
import { type Field, fieldsAt, noMend, type Structure } from "./structure.ts";

const SECTOR = 512;
const HEADER = {
  signature: [0, 4],
  revision: [8, 4],
  header_size: [12, 4],
  my_lba: [24, 8],
  alternate_lba: [32, 8],
  first_usable: [40, 8],
  last_usable: [48, 8],
  entries_lba: [72, 8],
  entries: [80, 4],
  entry_size: [84, 4],
} as const;
const ENTRY = {
  type: [0, 8],
  uuid: [16, 8],
  first: [32, 8],
  last: [40, 8],
  attributes: [48, 8],
  name: [56, 2],
} as const;
const MBR = { status: [0, 1], type: [4, 1], start: [8, 4], count: [12, 4] } as const;

/** The partition table, and what its file systems have. */
export function diskStructures(bytes: Uint8Array): Structure[] {
  const isGpt = bytes[SECTOR] === 0x45;
  const table = isGpt ? gptStructures(bytes) : mbrStructures(bytes);
  const starts = isGpt ? { fat: 64, ext4: [640] } : { fat: 640, ext4: [63, 1200] };
  const inside = [
    ...starts.ext4.flatMap((sector) => ext4Structures(bytes, sector * SECTOR)),
    ...fatStructures(bytes, starts.fat * SECTOR),
  ];
  return [...table, ...inside];
}

/** Either table; its backup; and both at once, so that neither can stand in for the other. */
function gptStructures(bytes: Uint8Array): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers = [SECTOR, bytes.length - SECTOR];
  const mend = (image: Uint8Array) => {
    for (const at of headers) mendGpt(image, at);
  };
  const wipe = (image: Uint8Array) => {
    mend(image);
    image.fill(0, headers[1], bytes.length);
  };
  const tempting = [1, 2, 34, 64, bytes.length / SECTOR, bytes.length / SECTOR - 1];
  return headers.flatMap((at, copy) => {
    const entries = Number(view.getBigUint64(at + 72, true)) * SECTOR;
    const slots = [0, 1, 2].flatMap((slot) => fieldsAt(entries + slot * 128, ENTRY));
    const made = (kind: string, fields: Field[]): Structure[] =>
      [mend, ...(copy === 0 ? [wipe] : [])].map((each) => ({
        kind,
        name: `${kind} ${copy}`,
        fields,
        tempting,
        mend: each,
      }));
    return [...made("GPT header", fieldsAt(at, HEADER)), ...made("GPT entries", slots), ...mbrSector(0)];
  });
}

function mendGpt(image: Uint8Array, at: number): void {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const start = Number(view.getBigUint64(at + 72, true)) * SECTOR;
  const length = view.getUint32(at + 80, true) * view.getUint32(at + 84, true);
  if (start + length <= image.length) view.setUint32(at + 88, crc32(image.subarray(start, start + length)), true);
  const size = view.getUint32(at + 12, true);
  view.setUint32(at + 16, 0, true);
  if (size <= SECTOR) view.setUint32(at + 16, crc32(image.subarray(at, at + size)), true);
}

/** The first sector and those of the logical partitions' chain. */
function mbrStructures(bytes: Uint8Array): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chain: number[] = [];
  for (let link = 600; ; ) {
    chain.push(link);
    const next = view.getUint32(link * SECTOR + 446 + 16 + 8, true);
    if (next === 0 || chain.length > 8) break;
    link = 600 + next;
  }
  return [0, ...chain].flatMap(mbrSector);
}

function mbrSector(sector: number): Structure[] {
  const fields = [0, 1, 2, 3].flatMap((slot) => fieldsAt(sector * SECTOR + 446 + slot * 16, MBR));
  const signature = fieldsAt(sector * SECTOR, { signature: [510, 2] });
  const tempting = [0, 1, 63, 600, 640, 5, 0x0f, 0xee, 0x83];
  return [{ kind: "MBR", name: `sector ${sector}`, fields: [...fields, ...signature], tempting, mend: noMend }];
}
