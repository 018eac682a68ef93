import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { runReader } from "../run-reader.ts";
import { blocksOf } from "./blocks.ts";
import { faults, unknownFeature } from "./fault.ts";
import { type Header, readHeader } from "./header.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { readRegions } from "./regions.ts";

/** Opens an image. Throws `E_VHDX_*`. */
export async function openVhdx(source: ByteSource, context: OpenContext, _seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "VHDX");
  const header = await readHeader(source);
  if (header.log) throw unknownFeature(source, header.log.offset, "a log that is to be replayed");
  const regions = await readRegions(source);
  const metadata = await readMetadata(source, regions.metadata);
  if (metadata.parentLocator) throw unknownFeature(source, metadata.parentLocator.offset, "a parent");
  const { size } = metadata;
  const map = blocksOf({ source, regions, metadata });
  const reader = runReader({ name: source.name, size, map, data: source, parent: null, faults });
  return imageOf({
    format: "vhdx",
    source,
    size,
    reader,
    details: describe(header, metadata),
    warnings: header.warnings,
  });
}

/** The names are those of `qemu-img info` where it has them. */
function describe({ dataWriteGuid }: Header, metadata: Metadata): Image["details"] {
  const { blockSize, sectorSize, id, isFixed, parentLocator } = metadata;
  return {
    cluster_size: blockSize,
    type: parentLocator ? "differencing" : isFixed ? "fixed" : "dynamic",
    sector_size: sectorSize,
    uuid: id,
    data_write_guid: dataWriteGuid,
  };
}
