export type { TreeChoice } from "./choose.ts";
export { type Disk, type DiskFileSystem, type OpenOptions, open } from "./disk.ts";
export { type ImageInfo, info, infoOfDisk, type PartitionInfo, type SnapshotInfo } from "./info.ts";
export { inspect, inspectDisk } from "./inspect.ts";
export { type Output, reading, type Use } from "./reading.ts";
export type { FileSystemReport, MountReport, Report, SystemReport } from "./report.ts";
export type { Root } from "./roots.ts";
