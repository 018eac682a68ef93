import type { ImageFormat } from "../format.ts";
import { openSplit } from "./open.ts";

/** A raw disk in numbered files. Never told by content or name: see decision 0016. */
export const split: ImageFormat = { name: "split", open: openSplit };
