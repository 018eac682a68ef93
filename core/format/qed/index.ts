import type { ImageFormat } from "../format.ts";
import { openQed } from "./open.ts";

/** QEMU's enhanced disk: qcow2 without reference counts, of its versions 0.14 on. */
export const qed: ImageFormat = { name: "qed", open: openQed };
