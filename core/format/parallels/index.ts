import type { ImageFormat } from "../format.ts";
import { openParallels } from "./open.ts";

/** Parallels' and Virtuozzo's disks: expandable images, and the descriptor of several. */
export const parallels: ImageFormat = { name: "parallels", open: openParallels };
