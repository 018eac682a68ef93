import type { ImageFormat } from "../format.ts";
import { openVmdk } from "./open.ts";

/** VMware's disks: a descriptor and its extents. */
export const vmdk: ImageFormat = { name: "vmdk", open: openVmdk };
