import type { ImageFormat } from "../format.ts";

/** An appliance in one archive (OVF): its only disk, or the one of a member that is named. */
export const ova: ImageFormat = {
  name: "ova",
  open: async (...how) => (await import("./open.ts")).openOva(...how),
};
