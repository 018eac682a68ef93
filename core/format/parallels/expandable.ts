import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { blockMap } from "../block-map.ts";
import { dataRun, parentRun, type RunMap } from "../run.ts";
import { type RunSource, runReader } from "../run-reader.ts";
import { checkRange, damaged, faults } from "./fault.ts";
import { EMPTY_IMAGE, ENTRY, IN_USE, Limit, MAGIC, OLD_MAGIC, parallelsHeader, SECTOR, VERSION } from "./layout.ts";

/** An expandable image's header that holds together. Sizes in bytes. */
export interface Expandable {
  readonly size: number;
  readonly clusterSize: number;
  readonly entries: number;
  /** Bytes of the file that its table counts in. */
  readonly step: number;
  readonly isInUse: boolean;
  /** All of it reads as zeros, whatever the table says. */
  readonly isEmpty: boolean;
}

/** Throws `E_PARALLELS_HEADER`, `E_PARALLELS_TABLE_BOUNDS`. */
export async function openExpandable(source: ByteSource): Promise<Expandable> {
  if (source.size < parallelsHeader.size) throw damaged(source, "HEADER", 0, "it ends within its header");
  const bytes = await source.read(0, parallelsHeader.size);
  const isOld = hasMagic(bytes, 0, OLD_MAGIC);
  if (!isOld && !hasMagic(bytes, 0, MAGIC)) {
    throw damaged(source, "HEADER", 0, "it does not start with the header of a Parallels image");
  }
  const { version, tracks, batEntries: entries, sectors: stored, inUse, flags } = parallelsHeader.decode(bytes);
  if (version !== VERSION) throw damaged(source, "HEADER", 16, `its version is ${version}, and only 2 is known`);
  if (tracks < 1 || tracks > Limit.maxTracks)
    throw damaged(source, "HEADER", 28, `its clusters are of ${tracks} sectors`);
  // The older kind has 32 bits for it, and whatever behind them.
  const sectors = isOld ? stored % 2 ** 32 : stored;
  if (!Number.isSafeInteger(sectors * SECTOR)) throw damaged(source, "HEADER", 36, `it has ${sectors} sectors`);
  if (Math.ceil(sectors / tracks) > entries) {
    throw damaged(source, "HEADER", 32, `its table has ${entries} entries, for ${sectors} sectors of ${tracks} each`);
  }
  const table = { offset: parallelsHeader.size, length: entries * ENTRY, alignment: 1, at: 32 };
  checkRange(source, "TABLE_BOUNDS", "block table", table);
  return {
    size: sectors * SECTOR,
    clusterSize: tracks * SECTOR,
    entries,
    step: isOld ? SECTOR : tracks * SECTOR,
    isInUse: inUse === IN_USE,
    isEmpty: (flags & EMPTY_IMAGE) !== 0,
  };
}

/** Its bytes over those of `parent`. */
export function expandableReader(source: ByteSource, image: Expandable, parent: ByteSource | null): RunSource {
  const { size } = image;
  return runReader({ name: source.name, size, map: clusterMap(source, image), data: source, parent, faults });
}

function clusterMap(source: ByteSource, { clusterSize, entries, step, isEmpty }: Expandable): RunMap {
  const first = parallelsHeader.size + entries * ENTRY;
  return blockMap({
    source,
    offset: parallelsHeader.size,
    entries,
    entrySize: ENTRY,
    blockSize: clusterSize,
    decode: (view, at, place) => {
      const host = view.getUint32(at, true) * step;
      if (host === 0) return parentRun(clusterSize);
      const fault = isEmpty
        ? "and its header says that it is empty"
        : host < first
          ? "which is within its table"
          : null;
      if (fault === null) return dataRun(host, clusterSize);
      throw damaged(source, "BAT_ENTRY", place, `a cluster is said to be at 0x${host.toString(16)}, ${fault}`);
    },
  });
}
