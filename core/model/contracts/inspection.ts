import { z } from "zod";
import { query } from "../declare.ts";
import { facts } from "../facts/index.ts";
import { inspectionReport } from "../inspection-report.ts";
import { readFrom } from "../read-from.ts";
import { checks, failedChecks } from "./checks/index.ts";
import { imagePath, imagePlace, imagePlaceInTerraform } from "./image-place.ts";

export const inspection = query({
  name: "inspection",
  since: "0.1.0",
  summary: "What is inside an image: operating system, packages, users, file systems.",
  description:
    "Opens the image without mounting it, finds the operating systems in it and gathers their facts. An image without one is an answer, not an error: the same fields, null or empty.",
  input: z.object({
    disk_image: imagePath(),
    ...imagePlace,
    facts: facts(),
    checks: checks(
      "keep",
      "A rule that does not hold: keep tells it in failed_checks; fail makes reading the image an error.",
    )
      .optional()
      .describe("Rules over what is in the image."),
  }),
  output: inspectionReport.extend({
    failed_checks: failedChecks()
      .optional()
      .describe("Rules of checks that do not hold; null where none were given.")
      .meta(readFrom("what each rule judges")),
  }),
  examples: [
    { title: "What runs in this image?", input: { disk_image: "ubuntu.qcow2" } },
    {
      title: "May it be copied?",
      input: {
        disk_image: "base.qcow2",
        checks: {
          profiles: ["golden-image"],
          rules: { openssl: { severity: "high", package: { name: "openssl", version: ">= 3.0.15" } } },
          waivers: [{ check: "no-logs", reason: "The build's own log is wanted.", until: "2027-01-31" }],
        },
      },
    },
    { title: "What runs in it by the clock?", input: { disk_image: "ubuntu.qcow2", facts: ["schedule"] } },
  ],
  aliases: {
    terraform: imagePlaceInTerraform,
    ansible: { name: "guestkit_inspect", fields: { disk_image: "disk" } },
    cli: { name: "inspect" },
  },
});
