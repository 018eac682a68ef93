import type { ImageFormat } from "../format.ts";
import { openVdi } from "./open.ts";

/** VirtualBox's format, version 1.1: dynamic, static and differencing; older versions are recognised and refused. */
export const vdi: ImageFormat = { name: "vdi", open: openVdi };
