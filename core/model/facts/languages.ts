import { z } from "zod";

export const languagesReport = z.array(
  z.object({
    ecosystem: z
      .enum(["cargo", "gem", "golang", "maven", "npm", "pypi"])
      .describe("Its kind, as package URLs name it: cargo, gem, golang, maven, npm or pypi."),
    name: z.string().describe("Name, as its ecosystem spells it: @scope/name, group:artifact, github.com/a/b."),
    version: z.string().nullable().describe("Version; null where none is told."),
    path: z.string().describe("What tells of it: metadata, or the program that it is part of."),
    purl: z.string().nullable().describe("Package URL: pkg:npm/%40scope/name@1.0.0; null where none would find it."),
  }),
);
