import type { ImageFormat } from "../format.ts";
import { openQcow } from "./open.ts";

/** QEMU's first copy-on-write format, version 1 of qcow. */
export const qcow: ImageFormat = { name: "qcow", open: openQcow };
