export type { DeviceNode } from "../disk/node.ts";
export type { KnownImage } from "../disk/open.ts";
export { fullVersion } from "../guest/packages/package.ts";
export { chosen, isChosen, unread, wholeTrees } from "./choose.ts";
export type { Disk, OpenOptions, TreeChoice } from "./disk.ts";
export {
  type DeviceInfo,
  type DiskInfo,
  type ImageInfo,
  info,
  infoOfDisk,
  type PartitionInfo,
  type SnapshotInfo,
} from "./info.ts";
export { findSystems, type Inspected, inspect, inspectDisk, inspectKnowing } from "./inspect.ts";
export { open } from "./open.ts";
export { type Output, reading, type Use } from "./reading.ts";
export type { FileSystemReport, MountReport, Report, SystemReport } from "./report.ts";
export { type InspectOptions, reportCacheDir } from "./report-cache.ts";
export type { Root, Roots } from "./roots.ts";
