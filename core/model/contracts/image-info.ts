import { z } from "zod";
import { ownership, query } from "../declare.ts";
import { furtherDisks, imageFormat, imagePath, imagePlaceInTerraform } from "./image-place.ts";

const snapshot = z.object({
  id: z.string().describe("Number in the image."),
  name: z.string().describe("Name."),
  created_at: z.string().describe("When it was taken, ISO 8601."),
  virtual_size: z.int().describe("Bytes that the guest saw."),
  vm_state_size: z.int().describe("Bytes of the guest's memory; 0 where only the disk was taken."),
});

const partition = z.object({
  number: z.int().describe("Number as the kernel counts."),
  device: z.string().describe("Name as libguestfs gives it: /dev/sda1."),
  name: z.string().nullable().describe("GPT partition name."),
  type: z.string().describe("Type GUID or MBR type."),
  uuid: z.string().nullable().describe("PARTUUID."),
  start: z.int().describe("First byte."),
  size: z.int().describe("Bytes."),
  bootable: z.boolean().describe("Marked active."),
  filesystem: z.string().nullable().describe("What it holds."),
  label: z.string().nullable().describe("Label of the file system."),
  filesystem_uuid: z.string().nullable().describe("UUID of the file system."),
});

const disk = z.object({
  device: z.string().describe("Name in the machine: /dev/sda for the first."),
  path: z.string().describe("The image."),
  format: z.string().describe("Disk format."),
  virtual_size: z.int().describe("Bytes that the guest sees."),
  partition_table: z.string().nullable().describe("gpt or mbr; null without a table."),
});

const device = z.object({
  kind: z
    .enum(["disk", "partition", "array", "mapping", "logical_volume", "subvolume"])
    .describe("What it is: a mapping is what an encrypted device opens to."),
  device: z.string().describe("Name as libguestfs and the kernel give it: /dev/sda2, /dev/vg0/root, /dev/md127."),
  aliases: z.array(z.string()).describe("Its other names: /dev/mapper/vg0-root."),
  size: z.int().describe("Bytes."),
  stands_on: z.array(z.string()).describe("The devices that it is made of."),
  filesystem: z
    .string()
    .nullable()
    .describe("What it holds: ext4, swap, LVM2_member; null where nothing is recognised, or a partition table."),
  label: z.string().nullable().describe("Label of what it holds."),
  filesystem_uuid: z.string().nullable().describe("UUID of what it holds."),
  uuid: z.string().nullable().describe("Its own UUID: a partition's, an array's, a logical volume's."),
  partition_name: z.string().nullable().describe("GPT partition name."),
  is_snapshot: z.boolean().describe("A snapshot within a file system."),
  details: z.record(z.string(), z.string()).describe("What it says of itself: level, layout, cipher."),
  error: z.string().nullable().describe("Why what it holds cannot be read: code and text."),
});

export const imageInfo = query({
  name: "image_info",
  since: "0.1.0",
  summary: "What an image is: format, sizes, parents, snapshots, partitions and what is made of them.",
  description:
    "Reads the image's own headers and partition table, and finds the arrays, logical volumes, encrypted devices and subvolumes in it. Nothing is mounted and nothing is changed.",
  input: z.object({ disk_image: imagePath(), image_format: imageFormat(), with: furtherDisks() }),
  output: z.object({
    format: z.string().describe("Disk format."),
    virtual_size: z.int().describe("Bytes that the guest sees."),
    actual_size: z.int().describe("Bytes that the image takes on the host."),
    files: z.array(z.string()).describe("Host files it is made of, its own first."),
    backing_chain: z.array(z.string()).describe("Parents, nearest first."),
    snapshots: z.array(snapshot).describe("Internal snapshots."),
    partition_table: z.string().nullable().describe("gpt or mbr; null without a table."),
    partitions: z.array(partition).describe("Partitions in the table's order."),
    filesystem: z.string().nullable().describe("What the whole disk holds where it has no partition table."),
    details: z.record(z.string(), z.string()).describe("What the format says of itself: cluster_size, compat."),
    disks: z.array(disk).describe("The machine's disks: the image, and what with adds to it."),
    devices: z.array(device).describe("Every device in them, each after those that it is made of."),
    ...ownership,
    warnings: z.array(z.string()).describe("What was odd while reading."),
  }),
  examples: [{ title: "Look at an image", input: { disk_image: "ubuntu.qcow2" } }],
  aliases: {
    terraform: imagePlaceInTerraform,
    ansible: { name: "guestkit_info", fields: { disk_image: "disk" } },
    cli: { name: "info" },
  },
});
