/** VMDK as the specification has it and QEMU's tools do not write it: a footer, ESX's sparse extents. */
import { deflateSync } from "node:zlib";

const SECTOR = 512;
const GRAIN = 128;
const PER_TABLE = 512;
const COWD_PER_TABLE = 4096;
const ALL_ONES = 0xffffffffffffffffn;

/** A whole descriptor. `extents` are lines; QEMU takes the first for two where an empty line stands before it. */
export function descriptorText(createType: string, extents: readonly string[], more: readonly string[] = []): string {
  const fields = ["version=1", "CID=0badcafe", "parentCID=ffffffff", `createType="${createType}"`, ...more];
  return ["# Disk DescriptorFile", ...fields, "", "# Extents", ...extents, "", 'ddb.adapterType = "lsilogic"', ""].join(
    "\n",
  );
}

function sector(fill: (view: DataView) => void): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  fill(new DataView(bytes.buffer, bytes.byteOffset, SECTOR));
  return bytes;
}

const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes], Math.ceil(bytes.length / SECTOR) * SECTOR);

function header(capacity: number, gdOffset: bigint, overHead: number): Buffer {
  return sector((view) => {
    view.setUint32(0, 0x564d444b, true);
    view.setUint32(4, 3, true);
    view.setUint32(8, 0x30001, true);
    for (const [at, value] of [
      [12, capacity],
      [20, GRAIN],
      [28, 1],
      [36, 1],
      [64, overHead],
    ] as const) {
      view.setBigUint64(at, BigInt(value), true);
    }
    view.setUint32(44, PER_TABLE, true);
    view.setBigUint64(56, gdOffset, true);
    view.setUint32(73, 0x0a0d200a, false);
    view.setUint16(77, 1, true);
  });
}

const markerOf = (sectors: number, type: number): Buffer =>
  sector((view) => {
    view.setBigUint64(0, BigInt(sectors), true);
    view.setUint32(12, type, true);
  });

/** One that is written in one go: compressed grains, tables and directory behind them, a footer. */
export function streamed(disk: Uint8Array): Buffer {
  const capacity = Math.ceil(disk.length / SECTOR);
  const lines = [`RW ${capacity} SPARSE "streamed.vmdk"`];
  const text = Buffer.from(descriptorText("streamOptimized", lines));
  const parts = [header(capacity, ALL_ONES, GRAIN), Buffer.concat([text], SECTOR), Buffer.alloc((GRAIN - 2) * SECTOR)];
  let at = GRAIN;
  const add = (bytes: Buffer) => {
    const start = at;
    parts.push(bytes);
    at += bytes.length / SECTOR;
    return start;
  };
  const directory: number[] = [];
  const grains = Math.ceil(capacity / GRAIN);
  for (let first = 0; first < grains; first += PER_TABLE) {
    const table = Buffer.alloc(PER_TABLE * 4);
    for (let grain = first; grain < Math.min(grains, first + PER_TABLE); grain++) {
      const plain = Buffer.concat(
        [disk.subarray(grain * GRAIN * SECTOR, (grain + 1) * GRAIN * SECTOR)],
        GRAIN * SECTOR,
      );
      if (plain.every((byte) => byte === 0)) continue;
      const packed = deflateSync(plain);
      const head = Buffer.alloc(12);
      head.writeBigUInt64LE(BigInt(grain * GRAIN));
      head.writeUInt32LE(packed.length, 8);
      table.writeUInt32LE(add(padded(Buffer.concat([head, packed]))), (grain - first) * 4);
    }
    add(markerOf(table.length / SECTOR, 1));
    directory.push(add(table));
  }
  add(markerOf(1, 2));
  const entries = Buffer.alloc(directory.length * 4);
  for (const [index, place] of directory.entries()) entries.writeUInt32LE(place, index * 4);
  const gd = add(padded(entries));
  add(markerOf(1, 3));
  add(header(capacity, BigInt(gd), GRAIN));
  add(markerOf(0, 0));
  return Buffer.concat(parts);
}

/** What a small sparse image says of itself and of its parent. */
export interface Link {
  readonly cid: string;
  readonly parentCid?: string;
  readonly parent?: string;
}

const SMALL_GRAIN = 8;

/** One with plain grains of 4 KiB, its tables in front; empty grains are not stored. */
export function sparse(disk: Uint8Array, { cid, parentCid = "ffffffff", parent }: Link): Buffer {
  const capacity = Math.ceil(disk.length / SECTOR);
  const grains = Math.ceil(capacity / SMALL_GRAIN);
  const tables = Math.ceil(grains / PER_TABLE);
  const hint = parent === undefined ? [] : [`parentFileNameHint="${parent}"`];
  const text = descriptorText("monolithicSparse", [`RW ${capacity} SPARSE "sparse.vmdk"`], hint)
    .replace("CID=0badcafe", `CID=${cid}`)
    .replace("parentCID=ffffffff", `parentCID=${parentCid}`);
  const directory = padded(Buffer.alloc(tables * 4));
  const table = padded(Buffer.alloc(tables * PER_TABLE * 4));
  const first = 2 + directory.length / SECTOR;
  let at = first + table.length / SECTOR;
  const head = header(capacity, 2n, at);
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(5, 8);
  head.writeUInt32LE(SMALL_GRAIN, 20);
  head.writeUInt16LE(0, 77);
  for (let index = 0; index < tables; index++) directory.writeUInt32LE(first + index * 4, index * 4);
  const data: Buffer[] = [];
  for (let grain = 0; grain < grains; grain++) {
    const start = grain * SMALL_GRAIN * SECTOR;
    const plain = Buffer.concat([disk.subarray(start, start + SMALL_GRAIN * SECTOR)], SMALL_GRAIN * SECTOR);
    if (plain.every((byte) => byte === 0)) continue;
    table.writeUInt32LE(at, grain * 4);
    data.push(plain);
    at += SMALL_GRAIN;
  }
  return Buffer.concat([head, Buffer.concat([Buffer.from(text)], SECTOR), directory, table, ...data]);
}

/** An ESX server's sparse extent ("COWD"), of grains of one sector. */
export function cowd(disk: Uint8Array): Buffer {
  const capacity = Math.ceil(disk.length / SECTOR);
  const tables = Math.ceil(capacity / COWD_PER_TABLE);
  const head = Buffer.alloc(4 * SECTOR);
  const values = [0x44574f43, 1, 3, capacity, 1, 4, tables];
  for (const [index, value] of values.entries()) head.writeUInt32LE(value, index * 4);
  const directory = padded(Buffer.alloc(tables * 4));
  const parts: Buffer[] = [];
  let at = 4 + directory.length / SECTOR;
  for (let index = 0; index < tables; index++) {
    const table = Buffer.alloc(COWD_PER_TABLE * 4);
    directory.writeUInt32LE(at, index * 4);
    parts.push(table);
    at += table.length / SECTOR;
    for (let entry = 0; entry < COWD_PER_TABLE; entry++) {
      const start = (index * COWD_PER_TABLE + entry) * SECTOR;
      const plain = disk.subarray(start, start + SECTOR);
      if (plain.every((byte) => byte === 0)) continue;
      table.writeUInt32LE(at, entry * 4);
      parts.push(padded(plain));
      at++;
    }
  }
  return Buffer.concat([head, directory, ...parts]);
}
