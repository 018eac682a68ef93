import { z } from "zod";
import { disks, hostPath } from "../declare.ts";

/** The image that a query or an action looks into. */
export const imagePath = () => hostPath().describe("The image: a path on the host, or the id of a disk_image.");

/** What is read; `split` is a raw disk in numbered files (disk.001 and on), which nothing but this word says. */
export const READ_FORMATS = [
  "qcow2",
  "raw",
  "vmdk",
  "vhd",
  "vhdx",
  "vdi",
  "qed",
  "parallels",
  "qcow",
  "luks",
  "split",
  "ova",
] as const;

/** What the image is, where that is to be said. */
export const imageFormat = () =>
  z
    .enum(READ_FORMATS)
    .optional()
    .describe(
      "The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks.",
    );

/** Disks beside the image. */
export const furtherDisks = () =>
  z
    .array(hostPath())
    .optional()
    .meta(disks)
    .describe(
      "Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole.",
    );

/** Every construct has a method `with` (constructs 10.6): programs against CDKTN's bindings of such a field do not compile. */
export const imagePlaceInTerraform = { fields: { with: "further_disks" } };

/** Input fields that choose one file system of an image. */
export const imagePlace = {
  image_format: imageFormat(),
  with: furtherDisks(),
  partition: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Number of the image's partition to look into; the system's root, or the only file system, where left out.",
    ),
  filesystem: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root.",
    ),
  snapshot: z.string().min(1).optional().describe("An internal snapshot's id or name, instead of the present state."),
};
