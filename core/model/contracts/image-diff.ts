import { z } from "zod";
import { disks, hostPath, query } from "../declare.ts";
import { MOST_CHANGES } from "./image-diff-limit.ts";
import { imagePlace, imagePlaceInTerraform } from "./image-place.ts";

const value = z.object({
  field: z
    .string()
    .describe("What differs: version, mode, owner, content, target, xattr NAME; error: why it could not be read."),
  before: z.string().nullable().describe("As it was; null where it was not there."),
  after: z.string().nullable().describe("As it is; null where it is not there."),
});

/** What every change tells, as a query and as a line. */
export const changed = {
  group: z
    .enum(["system", "packages", "users", "groups", "services", "kernels", "network", "filesystems", "files"])
    .describe("What it is one of."),
  change: z
    .enum(["added", "removed", "modified", "renamed", "unread"])
    .describe("What happened to it; unread: it could not be compared, since it could not be read in one of them."),
  system: z.int().nullable().describe("Which of the image's systems it is in, from 0; null for what is in none."),
  name: z.string().describe("A package, a user, a path, a field of the system."),
};

const change = z.object({
  ...changed,
  from: z.string().nullable().describe("The path that a renamed file had."),
  differences: z.array(value).describe("What of it differs; of a content its size."),
});

/** What chooses in one of the images, in the place of the field that chooses in both. */
const placeOfSide = (side: "before" | "after") =>
  Object.fromEntries(
    Object.entries(imagePlace).map(([name, field]) => [
      `${side}_${name}`,
      field.describe(`Of ${side} alone, in the place of ${name}. ${field.description}`),
    ]),
  );

export const imageDiff = query({
  name: "image_diff",
  since: "0.2.0",
  summary: "What differs between two images: packages, users, services, files.",
  description:
    "Compares what is inside, without a boot: systems are paired by their order, files by their paths; one that went and came elsewhere with the same content is renamed. What both images keep at one place of the same base is not read.",
  input: z.object({
    before: hostPath().describe("The image as it was: a path on the host, or the id of a disk_image."),
    after: hostPath().meta(disks).describe("The image as it is."),
    ...imagePlace,
    ...placeOfSide("before"),
    ...placeOfSide("after"),
    path: z.string().min(1).optional().describe("Compare this file, or files below this folder, alone."),
    times: z.boolean().optional().describe("Modification times of files count as well."),
  }),
  output: z.object({
    is_different: z
      .boolean()
      .nullable()
      .describe("Whether anything differs; null where something could not be read, and nothing else differs."),
    total: z.int().describe("How many changes there are, with those that are unread."),
    unread: z.int().describe("How many of them are unread: with any of these, the images may differ in more."),
    changes: z.array(change).describe(`The first ${MOST_CHANGES} of them.`),
    warnings: z.array(z.string()).describe("What was odd while reading, behind before or after."),
  }),
  examples: [
    { title: "What did the upgrade change?", input: { before: "before.qcow2", after: "after.qcow2" } },
    {
      title: "What changed since the snapshot?",
      input: { before: "web.qcow2", before_snapshot: "clean", after: "web.qcow2", path: "/etc" },
    },
  ],
  aliases: { terraform: imagePlaceInTerraform, ansible: { name: "guestkit_diff" }, cli: { name: "diff" } },
});
