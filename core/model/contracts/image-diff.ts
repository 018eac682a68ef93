import { z } from "zod";
import { disks, hostPath, query } from "../declare.ts";
import { MOST_CHANGES } from "./image-diff-limit.ts";
import { imageFormat } from "./image-place.ts";

const value = z.object({
  field: z.string().describe("What differs: version, mode, owner, content, target, xattr NAME."),
  before: z.string().nullable().describe("As it was; null where it was not there."),
  after: z.string().nullable().describe("As it is; null where it is not there."),
});

/** What every change tells, as a query and as a line. */
export const changed = {
  group: z
    .enum(["system", "packages", "users", "groups", "services", "kernels", "network", "filesystems", "files"])
    .describe("What it is one of."),
  change: z.enum(["added", "removed", "modified", "renamed"]).describe("What happened to it."),
  system: z.int().nullable().describe("Which of the image's systems it is in, from 0; null for what is in none."),
  name: z.string().describe("A package, a user, a path, a field of the system."),
};

const change = z.object({
  ...changed,
  from: z.string().nullable().describe("The path that a renamed file had."),
  values: z.array(value).describe("What of it differs; of a content its size."),
});

export const imageDiff = query({
  name: "image_diff",
  since: "0.2.0",
  summary: "What differs between two images: packages, users, services, files.",
  description:
    "Compares what is inside, without a boot: systems are paired by their order, files by their paths; one that went and came elsewhere with the same content is renamed. What both images keep at one place of the same base is not read.",
  input: z.object({
    before: hostPath().describe("The image as it was: a path on the host, or the id of a disk_image."),
    after: hostPath().meta(disks).describe("The image as it is."),
    image_format: imageFormat(),
    path: z.string().min(1).optional().describe("Compare files below this path alone."),
    times: z.boolean().optional().describe("Modification times of files count as well."),
  }),
  output: z.object({
    is_different: z.boolean().describe("Whether anything differs."),
    total: z.int().describe("How many changes there are."),
    changes: z.array(change).describe(`The first ${MOST_CHANGES} of them.`),
    warnings: z
      .array(z.string())
      .describe("What was odd while reading, behind before or after: what could not be read is not compared."),
  }),
  examples: [{ title: "What did the upgrade change?", input: { before: "before.qcow2", after: "after.qcow2" } }],
  aliases: { ansible: { name: "guestkit_diff" }, cli: { name: "diff" } },
});
