import { z } from "zod";
import { absentIs, adopts, changesWith, growOnly, hostPath, live, virtualSize } from "../../declare.ts";

export const disk = z.object({
  image: hostPath().describe(
    "The image: a path on the host, or the id of a disk_image. It is never removed with the machine.",
  ),
  format: z
    .enum(["qcow2", "raw"])
    .optional()
    .describe(
      "Format of the image. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes.",
    ),
  allow_backing_files: z
    .boolean()
    .default(false)
    .describe(
      "Let the image lean on files outside its own folder that no record of guestkit's names. Only for images that you know.",
    ),
  overlay: z
    .boolean()
    .default(false)
    .describe("The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is."),
  size: virtualSize()
    .optional()
    .meta({ ...growOnly, ...adopts, ...changesWith("running") })
    .describe("Virtual size of the overlay, grown in place; its image's where left out. Only with overlay."),
  bus: z
    .enum(["virtio", "scsi", "sata", "ide", "nvme", "usb"])
    .default("virtio")
    .describe("How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage."),
  sector_size: z
    .int()
    .min(512)
    .max(4096)
    .default(512)
    .meta(absentIs(512))
    .describe(
      "Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096 with the buses virtio, scsi and nvme alone.",
    ),
  read_only: z.boolean().default(false).describe("The guest may not write to it."),
  discard: z
    .enum(["unmap", "ignore"])
    .default("unmap")
    .describe("Whether discarded blocks are given back to the host."),
  cache: z
    .enum(["writeback", "none", "writethrough", "directsync", "unsafe"])
    .default("writeback")
    .describe("QEMU's cache mode."),
  boot_order: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      "Place in the firmware's order. Where no disk has one: the disk named root, then the others by their names.",
    ),
  serial: z.string().min(1).max(20).optional().describe("Serial number in the guest; the disk's name where left out."),
});

export const cdrom = z.object({
  image: hostPath()
    .optional()
    .meta(live)
    .describe("The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive."),
  boot_order: z.int().min(1).max(64).optional().describe("Place in the firmware's order."),
});
