import type { ByteSource } from "../../../../core/source/source.ts";
import type { Structure } from "./structures.ts";

export const SUPERBLOCK_1_2 = 4096;

/** Sets the checksum of a superblock of version 1 right, which begins the bytes. */
export function mendSuperblock1(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = Math.min(256 + 2 * view.getUint32(220, true), bytes.length);
  view.setUint32(216, 0, true);
  let sum = 0n;
  for (let at = 0; at + 4 <= length; at += 4) sum += BigInt(view.getUint32(at, true));
  if (length % 4 >= 2) sum += BigInt(view.getUint16(length & ~3, true));
  view.setUint32(216, Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn), true);
}

function mendSuperblock090(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4096);
  view.setUint32(152, 0, true);
  let sum = 0n;
  for (let at = 0; at < 4096; at += 4) sum += BigInt(view.getUint32(at, true));
  view.setUint32(152, Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn), true);
}

/** Every member's superblock, wherever its version puts it. */
export async function mdStructures(members: readonly ByteSource[]): Promise<readonly Structure[]> {
  const found: Structure[] = [];
  for (const source of members) {
    const { name, size } = source;
    const late = Math.floor((size - 8192) / 4096) * 4096;
    const old = Math.floor(size / 65536) * 65536 - 65536;
    for (const offset of new Set([0, SUPERBLOCK_1_2, late, old])) {
      const head = await source.read(offset, 12);
      const view = new DataView(head.buffer, head.byteOffset);
      if (view.getUint32(0, true) !== 0xa92b4efc) continue;
      const isOld = view.getUint32(4, true) === 0;
      const mend = isOld ? mendSuperblock090 : mendSuperblock1;
      found.push({
        kind: isOld ? "superblock 0.90" : "superblock 1",
        disk: name,
        offset,
        length: isOld ? 4096 : 300,
        mend,
      });
    }
  }
  return found;
}
