import type { ImageFormat } from "../format.ts";

/**
 * A disk in a LUKS container, as QEMU's driver of that name shows it. Where nobody names this format, such a file is a raw
 * disk that holds a container, and its content a device of its own.
 */
export const luks: ImageFormat = {
  name: "luks",
  open: async (...how) => (await import("./open.ts")).openLuks(...how),
};
