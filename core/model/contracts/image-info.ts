import { z } from "zod";
import { ownership, query } from "../declare.ts";
import { imageFormat, imagePath } from "./image-place.ts";

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

export const imageInfo = query({
  name: "image_info",
  since: "0.1.0",
  summary: "What an image is: format, sizes, parents, snapshots, partitions.",
  description: "Reads the image's own headers and partition table. Nothing is mounted and nothing is changed.",
  input: z.object({ disk_image: imagePath(), image_format: imageFormat() }),
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
    ...ownership,
    warnings: z.array(z.string()).describe("What was odd while reading."),
  }),
  examples: [{ title: "Look at an image", input: { disk_image: "ubuntu.qcow2" } }],
  aliases: { ansible: { name: "guestkit_info", fields: { disk_image: "disk" } }, cli: { name: "info" } },
});
