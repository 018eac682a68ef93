import type { ImageFormat } from "../format.ts";
import { openVhdx } from "./open.ts";

/** Hyper-V's format: fixed, dynamic and differencing; a log is replayed in memory. */
export const vhdx: ImageFormat = { name: "vhdx", open: openVhdx };
