import type { ImageFormat } from "../format.ts";
import { openRaw } from "./open.ts";

/** Bytes as they are. Nothing marks such an image. */
export const raw: ImageFormat = { name: "raw", open: openRaw };
