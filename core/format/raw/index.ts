import type { ImageFormat } from "../format.ts";
import { openRaw } from "./open.ts";

/** Bytes as they are. Nothing marks such an image: it is the last resort of probing. */
export const raw: ImageFormat = { name: "raw", probe: async () => true, open: openRaw };
