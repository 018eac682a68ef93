import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import { blockMap, type Mixed } from "../block-map.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import type { Asker } from "../named.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { dataRun, parentRun, type Run, type RunMap, zeroRun } from "../run.ts";
import { runReader } from "../run-reader.ts";
import { alikeFrom } from "../sector-bitmap.ts";
import { TableSlices } from "../table-slices.ts";
import { type DynamicHeader, readDynamic } from "./dynamic.ts";
import { type Footer, faults, readFooter } from "./footer.ts";
import { SECTOR, UNUSED } from "./layout.ts";
import { openVhdParent } from "./parent.ts";

const { damaged } = faults;

/** Opens an image with its parents. Throws `E_VHD_*`, `E_IMAGE_*`, and what the parents throw. */
export async function openVhd(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "VHD");
  const footer = await readFooter(source);
  return footer.type === "fixed" ? openFixed(source, footer) : openDynamic({ source, context, seen }, footer);
}

function openFixed(source: ByteSource, footer: Footer): Image {
  const { size, warnings } = footer;
  if (size > source.size - SECTOR)
    throw damaged(source, "FOOTER", source.size - SECTOR + 48, `it ends within its disk of ${size} bytes`);
  const reader = windowSource(source, 0, size);
  return imageOf({ format: "vhd", source, size, reader, warnings, details: describe(footer, null) });
}

async function openDynamic(asker: Asker, footer: Footer): Promise<Image> {
  const { source } = asker;
  const { size, warnings } = footer;
  const header = await readDynamic(source, footer);
  const isChild = footer.type === "differencing";
  const map = blocksOf(source, header, isChild);
  const backing = isChild ? await openVhdParent(asker, header) : null;
  const parent = backing?.image ?? null;
  const reader = runReader({ name: source.name, size, map, data: source, parent, faults });
  return imageOf({ ...{ source, size, reader, warnings, backing }, format: "vhd", details: describe(footer, header) });
}

/** Sectors of a disk that stands alone are there with their block, whatever its bitmap says: QEMU reads them so too. */
function blocksOf(source: ByteSource, header: DynamicHeader, hasParent: boolean): RunMap {
  const { tableOffset, entries, blockSize, bitmapSize } = header;
  const bitmaps = new TableSlices(source);
  const decode = (view: DataView, at: number, place: number): Run | Mixed => {
    const sector = view.getUint32(at);
    if (sector === UNUSED) return hasParent ? parentRun(blockSize) : zeroRun(blockSize);
    const host = sector * SECTOR;
    if (host + bitmapSize > source.size)
      throw damaged(source, "BAT_ENTRY", place, `its block at 0x${host.toString(16)} is past the file's end`);
    return hasParent ? { kind: "mixed", host } : dataRun(host + bitmapSize, blockSize);
  };
  const refine = async ({ host }: Mixed, _block: number, within: number, signal?: AbortSignal): Promise<Run> => {
    const first = Math.floor(within / SECTOR);
    const { view, place } = await bitmaps.get(host, bitmapSize, first >>> 3, signal);
    const skipped = (place - host) * 8;
    const end = Math.min(blockSize / SECTOR - skipped, view.byteLength * 8);
    const { isSet, count } = alikeFrom(view, first - skipped, end, "high first");
    const length = count * SECTOR - (within % SECTOR);
    return isSet ? dataRun(host + bitmapSize + within, length) : parentRun(length);
  };
  return blockMap({ source, offset: tableOffset, entries, entrySize: 4, blockSize, decode, refine });
}

/** The names are those of `qemu-img info` where it has them. */
function describe({ type, creator, id }: Footer, header: DynamicHeader | null): Image["details"] {
  return {
    ...(header && { cluster_size: header.blockSize }),
    type,
    creator: creator.replace(/[\0 ]+$/, ""),
    uuid: id,
    ...(type === "differencing" && header && { parent_uuid: header.parentId }),
  };
}
