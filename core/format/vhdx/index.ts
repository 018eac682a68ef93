import type { ImageFormat } from "../format.ts";
import { openVhdx } from "./open.ts";

/** Hyper-V's format: fixed and dynamic. */
export const vhdx: ImageFormat = { name: "vhdx", open: openVhdx };
