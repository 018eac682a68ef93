import type { ImageFormat } from "../format.ts";
import { openQcow2 } from "./open.ts";

/** QEMU's copy-on-write format, versions 2 and 3; version 1 is a format of its own. */
export const qcow2: ImageFormat = { name: "qcow2", open: openQcow2 };
