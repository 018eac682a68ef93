import { bitsOf, type Plan, storedBlocks, utf16, uuidBytes } from "./plan.ts";

/** A dynamic or differencing VHD by its specification; locators by their platform codes, names as they are written. */
export interface VhdPlan extends Plan {
  readonly id: string;
  readonly creator?: string;
  readonly parent?: { readonly id: string; readonly name: string; readonly locators: Readonly<Record<string, string>> };
}

const SECTOR = 512;
const LOCATOR_ROOM = 1024;

export function makeVhd(plan: VhdPlan): Uint8Array {
  const { size, blockSize, parent } = plan;
  const entries = Math.ceil(size / blockSize);
  const table = 1536;
  const locators = table + Math.ceil((entries * 4) / SECTOR) * SECTOR;
  const first = locators + (parent ? 8 * LOCATOR_ROOM : 0);
  const bitmap = Math.ceil(blockSize / SECTOR / 8 / SECTOR) * SECTOR;
  const stored = storedBlocks(plan);
  const file = new Uint8Array(first + stored.length * (bitmap + blockSize) + SECTOR);
  const view = new DataView(file.buffer);
  file.fill(0xff, table, locators);
  for (const [position, { index, block, content }] of stored.entries()) {
    const at = first + position * (bitmap + blockSize);
    view.setUint32(table + index * 4, at / SECTOR);
    bitsOf(plan, block, (sector) => {
      file[at + (sector >> 3)] = (file[at + (sector >> 3)] ?? 0) | (0x80 >> (sector & 7));
    });
    file.set(content, at + bitmap);
  }
  writeHeader(file, plan, { entries, table, locators });
  const footer = footerOf(plan, parent ? 4 : 3, 512n);
  file.set(footer);
  file.set(footer, file.length - SECTOR);
  return file;
}

/** A fixed one: its bytes, and the footer. */
export function makeFixedVhd(content: Uint8Array, id: string, creator = "win "): Uint8Array {
  const file = new Uint8Array(content.length + SECTOR);
  file.set(content);
  const plan = { size: content.length, blockSize: 1, sectorSize: SECTOR, blocks: new Map(), id, creator };
  file.set(footerOf(plan, 2, 0xffffffffffffffffn), content.length);
  return file;
}

function footerOf({ size, id, creator = "win " }: VhdPlan, type: number, dataOffset: bigint): Uint8Array {
  const bytes = new Uint8Array(SECTOR);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("conectix"));
  view.setUint32(8, 2);
  view.setUint32(12, 0x10000);
  view.setBigUint64(16, dataOffset);
  view.setUint32(24, 0x2b0c3f00);
  bytes.set(new TextEncoder().encode(creator), 28);
  bytes.set(new TextEncoder().encode("Wi2k"), 36);
  view.setBigUint64(40, BigInt(size));
  view.setBigUint64(48, BigInt(size));
  view.setUint16(56, Math.floor(size / SECTOR / 4 / 17));
  view.setUint8(58, 4);
  view.setUint8(59, 17);
  view.setUint32(60, type);
  bytes.set(uuidBytes(id), 68);
  mendVhd(bytes, 64);
  return bytes;
}

function writeHeader(
  file: Uint8Array,
  { blockSize, parent }: VhdPlan,
  { entries, table, locators }: { entries: number; table: number; locators: number },
): void {
  const bytes = file.subarray(SECTOR, SECTOR + 1024);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.set(new TextEncoder().encode("cxsparse"));
  view.setBigUint64(8, 0xffffffffffffffffn);
  view.setBigUint64(16, BigInt(table));
  view.setUint32(24, 0x10000);
  view.setUint32(28, entries);
  view.setUint32(32, blockSize);
  if (parent) {
    bytes.set(uuidBytes(parent.id), 40);
    bytes.set(utf16(parent.name, false), 64);
    for (const [index, [code, name]] of Object.entries(parent.locators).entries()) {
      const text = code === "MacX" ? new TextEncoder().encode(name) : utf16(name, true);
      const at = 576 + index * 24;
      bytes.set(new TextEncoder().encode(code), at);
      view.setUint32(at + 4, LOCATOR_ROOM);
      view.setUint32(at + 8, text.length);
      view.setBigUint64(at + 16, BigInt(locators + index * LOCATOR_ROOM));
      file.set(text, locators + index * LOCATOR_ROOM);
    }
  }
  mendVhd(bytes, 36);
}

/** Makes the checksum at `at` right: the complement of all other bytes' sum. */
export function mendVhd(bytes: Uint8Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(at, 0);
  view.setUint32(at, ~bytes.reduce((sum, byte) => sum + byte, 0) >>> 0);
}
