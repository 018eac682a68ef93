import type { VolumeKind } from "../volume.ts";
import { openGpt, probeGpt } from "./open.ts";

/** The GUID partition table, with sectors of 512 or 4096 bytes. */
export const gpt: VolumeKind = { name: "gpt", probe: probeGpt, open: openGpt };
