import { crc32 } from "node:zlib";
import { crc32c } from "../../../../core/kit/checksum.ts";
import type { ByteSource } from "../../../../core/source/source.ts";
import { readGroup } from "../../../../core/volume/lvm2/group.ts";

/** What is read before content is: a stretch of one disk, small enough to be mutated anywhere. */
export interface Structure {
  readonly kind: string;
  readonly disk: string;
  readonly offset: number;
  readonly length: number;
  /** Sets its checksum right; null where it has none. */
  readonly mend: ((bytes: Uint8Array) => void) | null;
}

export type Disks = Readonly<Record<string, ByteSource>>;

/** LVM2's checksum: zlib's without the inversions, from a start of its own. */
export const lvmChecksum = (bytes: Uint8Array) => ~crc32(bytes, ~0xf597a6cf >>> 0) >>> 0;
const set32 = (bytes: Uint8Array, at: number, value: number) =>
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, true);

export const AREA_AT = 4096;

/** Labels, headers of areas, and what RAID, snapshots and thin pools keep; texts are mutated as texts. */
export async function lvmStructures(disks: Disks, text: string): Promise<readonly Structure[]> {
  const found: Structure[] = [];
  for (const disk of Object.keys(disks)) {
    const label = disk === "pv2" ? 1536 : 512;
    const mend = (bytes: Uint8Array) => set32(bytes, 16, lvmChecksum(bytes.subarray(20, 512)));
    found.push({ kind: "label", disk, offset: label, length: 136, mend: (bytes) => mend(bytes) });
    if (disk === "pv1") continue;
    const mendArea = (bytes: Uint8Array) => set32(bytes, 0, lvmChecksum(bytes.subarray(4, 512)));
    found.push({ kind: "area", disk, offset: AREA_AT, length: 512, mend: mendArea });
  }
  const place = placesIn(text);
  for (const [name, { disk, offset, size }] of place) {
    const piece = (length: number, kind: string): Structure => ({ kind, disk, offset, length, mend: null });
    if (/_rmeta_\d+$/.test(name)) found.push(piece(152, "rmeta"));
    if (name.endsWith("_mlog")) found.push(piece(1040, "mlog"));
    if (/^snap/.test(name))
      found.push(piece(32, "snapshot"), { ...piece(512, "exceptions"), offset: offset + chunkOf(name) });
    if (name === "pool_tmeta") found.push(...(await thinStructures(disks, disk, offset, size)));
  }
  return found;
}

const chunkOf = (name: string) => (name === "snap" ? 4096 : 16384);

/** Where volumes of one linear segment lie. */
function placesIn(text: string): ReadonlyMap<string, { disk: string; offset: number; size: number }> {
  const group = readGroup(text);
  const places = new Map<string, { disk: string; offset: number; size: number }>();
  for (const { name, segments, size } of group.logical.values()) {
    const stripes = segments[0]?.section.values.get("stripes");
    if (!Array.isArray(stripes) || segments.length !== 1 || stripes.length !== 2) continue;
    const physical = group.physical.get(stripes[0]);
    if (!physical) continue;
    places.set(name, {
      disk: physical.hint.replace("/disk/", ""),
      offset: physical.start + stripes[1] * group.extentSize,
      size,
    });
  }
  return places;
}

/** The superblock and every block whose checksum is a tree node's. */
async function thinStructures(disks: Disks, disk: string, start: number, size: number): Promise<Structure[]> {
  const found: Structure[] = [];
  for (let block = 0; block * 4096 < size; block++) {
    const offset = start + block * 4096;
    const bytes = await (disks[disk] as ByteSource).read(offset, 4096);
    const salt = block === 0 ? 160774 : 121107;
    const checksum = (each: Uint8Array) => (crc32c(0xffffffff, each, 4, 4096) ^ salt) >>> 0;
    if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) !== checksum(bytes)) continue;
    const mend = (each: Uint8Array) => set32(each, 0, checksum(each));
    found.push({ kind: block === 0 ? "thin superblock" : "node", disk, offset, length: 4096, mend });
  }
  return found;
}
