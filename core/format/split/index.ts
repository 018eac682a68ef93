import type { ImageFormat } from "../format.ts";
import { openSplit } from "./open.ts";

/** A raw disk in numbered files. Never told by content or name: see docs/decisions/0016-split-images-are-declared.md. */
export const split: ImageFormat = { name: "split", open: openSplit };
