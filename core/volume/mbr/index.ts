import type { VolumeKind } from "../volume.ts";
import { openMbr, probeMbr } from "./open.ts";

/** The DOS partition table with its extended and logical partitions. */
export const mbr: VolumeKind = { name: "mbr", probe: probeMbr, open: openMbr };
