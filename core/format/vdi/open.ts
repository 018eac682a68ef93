import type { ByteSource } from "../../source/source.ts";
import { blockMap } from "../block-map.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { dataRun, parentRun, type Run, type RunMap, zeroRun } from "../run.ts";
import { runReader } from "../run-reader.ts";
import { faults, type Header, readHeader } from "./header.ts";
import { Block } from "./layout.ts";
import { openVdiParent } from "./parent.ts";

/** Opens an image with its parents. Throws `E_VDI_*`, `E_IMAGE_*`. */
export async function openVdi(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "VDI");
  const header = await readHeader(source);
  const { size } = header;
  const backing = header.parent ? await openVdiParent({ source, context, seen }, header.parent) : null;
  const map = blocksOf(source, header);
  const reader = runReader({ name: source.name, size, map, data: source, parent: backing?.image ?? null, faults });
  return imageOf({ format: "vdi", source, size, reader, backing, details: describe(header) });
}

function blocksOf(source: ByteSource, { mapOffset, blocks, blockSize, dataOffset }: Header): RunMap {
  const decode = (view: DataView, at: number): Run => {
    const entry = view.getUint32(at, true);
    if (entry === Block.free) return parentRun(blockSize);
    return entry === Block.zero ? zeroRun(blockSize) : dataRun(dataOffset + entry * blockSize, blockSize);
  };
  return blockMap({ source, offset: mapOffset, entries: blocks, entrySize: 4, blockSize, decode });
}

/** The names are those of `qemu-img info` where it has them. */
function describe({ type, blockSize, id, modification, parent }: Header): Image["details"] {
  return {
    cluster_size: blockSize,
    type: parent ? "differencing" : type,
    uuid: id,
    modification_uuid: modification,
    parent_uuid: parent?.id ?? null,
  };
}
