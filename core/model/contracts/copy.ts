import { z } from "zod";
import { action, hostPath } from "../declare.ts";
import { imagePath, imagePlace, imagePlaceInTerraform } from "./image-place.ts";

const leftOut = z.object({
  path: z.string().describe("Path inside the image."),
  path_base64: z.string().nullable().describe("Its bytes where they are no UTF-8."),
  why: z.string().describe("Why it was left out."),
});

export const copy = action({
  name: "copy",
  since: "0.1.0",
  summary: "Copy a file or a folder out of an image to the host.",
  description:
    "Nothing is mounted. Each file is written whole: beside its place, then renamed. Whatever the names inside the image are, nothing is written outside dest. Files that are the same already stay untouched. Symbolic links that lead out of the copied folder, devices, pipes and sockets are left out and told.",
  input: z.object({
    disk_image: imagePath(),
    src: z.string().min(1).optional().describe("Absolute path inside the image."),
    src_base64: z
      .string()
      .min(1)
      .optional()
      .describe("The path inside the image in base64, for one that is no UTF-8; goes before src."),
    dest: hostPath().describe("Where it goes on the host; into it where that is a folder."),
    ...imagePlace,
    recursive: z.boolean().default(false).describe("Copy a folder with all that is in it."),
    links: z
      .enum(["safe", "all", "none"])
      .default("safe")
      .describe("Symbolic links: those that stay inside the copied folder, all as they are, or none."),
    preserve: z
      .boolean()
      .default(false)
      .describe("Keep owner, group and the setuid, setgid and sticky bits (as root)."),
    overwrite: z.boolean().default(true).describe("Replace files that differ; refused otherwise."),
  }),
  output: z.object({
    copied_to: z.string().describe("What was written on the host."),
    files: z.int().describe("Files and links looked at."),
    copied: z.int().describe("Of these, how many were written."),
    bytes: z.int().describe("Bytes written."),
    left_out: z.array(leftOut).describe("What was left out, and why."),
  }),
  examples: [
    {
      title: "Extract a configuration file",
      input: { disk_image: "ubuntu.qcow2", src: "/etc/nginx/nginx.conf", dest: "nginx.conf" },
    },
  ],
  aliases: {
    terraform: imagePlaceInTerraform,
    ansible: { name: "guestkit_cp", fields: { disk_image: "disk" } },
    cli: { name: "cp" },
  },
});
