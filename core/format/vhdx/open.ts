import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { runReader } from "../run-reader.ts";
import { blocksOf } from "./blocks.ts";
import { faults } from "./fault.ts";
import { type Header, readHeader } from "./header.ts";
import { replay } from "./log.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { openVhdxParent } from "./parent.ts";
import { readRegions } from "./regions.ts";

/**
 * Opens an image with its parents, as it is once its log was replayed.
 * Throws `E_VHDX_*`, `E_IMAGE_*`, and what the parents throw.
 */
export async function openVhdx(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "VHDX");
  const header = await readHeader(source);
  const { file, warnings } = header.log ? await replay(source, header.log) : { file: source, warnings: [] };
  const regions = await readRegions(file);
  const metadata = await readMetadata(file, regions.metadata);
  const { size, parentLocator } = metadata;
  const map = blocksOf({ source: file, regions, metadata });
  const backing = parentLocator ? await openVhdxParent({ source, context, seen }, file, parentLocator) : null;
  const parent = backing?.image ?? null;
  const reader = runReader({ name: source.name, size, map, data: file, parent, faults });
  const details = describe(header, metadata);
  return imageOf({
    ...{ source, size, reader, details, backing },
    format: "vhdx",
    warnings: [...header.warnings, ...warnings],
  });
}

/** The names are those of `qemu-img info` where it has them. */
function describe({ dataWriteGuid, log }: Header, metadata: Metadata): Image["details"] {
  const { blockSize, sectorSize, id, isFixed, parentLocator } = metadata;
  return {
    cluster_size: blockSize,
    type: parentLocator ? "differencing" : isFixed ? "fixed" : "dynamic",
    sector_size: sectorSize,
    uuid: id,
    data_write_guid: dataWriteGuid,
    ...(log && { log_replayed: true }),
  };
}
