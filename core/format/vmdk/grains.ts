import type { ByteSource } from "../../source/source.ts";
import { dataRun, parentRun, type RunMap, zeroRun } from "../run.ts";
import type { Packed } from "../run-parts.ts";
import { twoLevelMap } from "../two-level-map.ts";
import { damaged, faults } from "./fault.ts";
import { ENTRY, grainMarker, SECTOR, ZERO_GRAIN } from "./layout.ts";
import type { SparseExtent } from "./sparse.ts";

/** Where the bytes of a sparse extent are: a directory of tables of grains, each named by its sector in the file. */
export function grainMap(source: ByteSource, extent: SparseExtent): RunMap {
  const { directory, perTable, grainSize, hasZeroGrains, isCompressed } = extent;
  const data = isCompressed ? compressedGrain(source, grainSize) : (host: number) => dataRun(host, grainSize);
  return twoLevelMap({
    ...{ source, faults, directory, perTable, unit: grainSize },
    entrySize: ENTRY,
    alignment: SECTOR,
    table: (view, at) => view.getUint32(at, true) * SECTOR,
    decode: (view, at, place) => {
      const sector = view.getUint32(at, true);
      if (sector === 0) return parentRun(grainSize);
      return sector === ZERO_GRAIN && hasZeroGrains ? zeroRun(grainSize) : data(sector * SECTOR, place);
    },
  });
}

function compressedGrain(source: ByteSource, grainSize: number) {
  const most = storedAtMost(grainSize);
  return (host: number, place: number) => {
    if (host + grainMarker.size <= source.size) {
      return { kind: "compressed", length: grainSize, host, stored: Math.min(most, source.size - host) } as const;
    }
    const what = `a compressed grain at 0x${host.toString(16)} is past the file's end (${source.size})`;
    throw damaged(source, "DATA_BOUNDS", place, what);
  };
}

/** What deflate makes of bytes that it cannot make fewer, with room for one that does it badly; and the marker. */
const storedAtMost = (grainSize: number): number => grainMarker.size + grainSize + (grainSize >> 6) + SECTOR;

/** How the compressed grains of an extent are made plain. `decompress` is the platform's, with a checksum behind. */
export function packedGrains(
  source: ByteSource,
  { grainSize, hasMarkers, capacity }: SparseExtent,
  decompress: (packed: Uint8Array, size: number) => Promise<Uint8Array>,
): Packed {
  // The last grain may hold no more than the disk has left, as QEMU's does.
  const plain = async (packed: Uint8Array, offset: number) => {
    const left = capacity - offset;
    if (left >= grainSize) return decompress(packed, grainSize);
    return decompress(packed, grainSize).catch(async () => {
      const whole = new Uint8Array(grainSize);
      whole.set(await decompress(packed, left));
      return whole;
    });
  };
  const inflate: Packed["inflate"] = async (bytes, { host }, offset) => {
    if (!hasMarkers) return plain(bytes, offset);
    const { lba, size } = grainMarker.decode(bytes);
    if (lba * SECTOR !== offset) {
      const what = `the grain at 0x${host.toString(16)} says that it is sector ${lba}, and ${offset / SECTOR} was asked for`;
      throw damaged(source, "GRAIN", host, what);
    }
    const end = grainMarker.size + size;
    if (size === 0 || size > 2 * grainSize || host + end > source.size) {
      throw damaged(source, "GRAIN", host, `a grain of ${grainSize} bytes is said to take ${size}`);
    }
    const whole = end <= bytes.length ? bytes : await source.read(host, end);
    return plain(whole.subarray(grainMarker.size, end), offset);
  };
  return { unit: grainSize, inflate };
}
