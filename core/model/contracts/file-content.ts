import { z } from "zod";
import { byteSize, query } from "../declare.ts";
import { imagePath, imagePlace, imagePlaceInTerraform } from "./image-place.ts";

export const fileContent = query({
  name: "file_content",
  since: "0.1.0",
  summary: "A file inside an image: its bytes and what is known of it.",
  description:
    "Reads one regular file out of an image without mounting it. Symbolic links are followed as the guest would follow them and never lead to the host. A file that is not there, or past the limit, is an error.",
  input: z.object({
    disk_image: imagePath(),
    path: z.string().min(1).optional().describe("Absolute path inside the image."),
    path_base64: z
      .string()
      .min(1)
      .optional()
      .describe("The path in base64, for one that is no UTF-8; goes before path."),
    ...imagePlace,
    limit: byteSize().default("16M").describe("A file that is larger is refused."),
  }),
  output: z.object({
    content: z.string().nullable().describe("The text; null where the bytes are no UTF-8."),
    content_base64: z.string().describe("The bytes in base64."),
    sha256: z.string().describe("Digest of the bytes, in hex."),
    size: z.int().describe("Bytes."),
    mode: z.string().describe("Permission bits in octal: 0644."),
    uid: z.int().describe("Owner."),
    gid: z.int().describe("Group."),
    mtime: z.string().describe("Last change, ISO 8601 with nanoseconds."),
  }),
  examples: [{ title: "Read a file", input: { disk_image: "ubuntu.qcow2", path: "/etc/hostname" } }],
  aliases: {
    terraform: imagePlaceInTerraform,
    ansible: { name: "guestkit_slurp", fields: { disk_image: "disk" } },
    cli: { name: "cat" },
  },
});
