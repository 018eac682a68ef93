import type { ImageFormat } from "../format.ts";
import { openVhd } from "./open.ts";

/** Virtual PC's format, as Azure, Hyper-V and Xen use it: fixed, dynamic and differencing. */
export const vhd: ImageFormat = { name: "vhd", open: openVhd };
