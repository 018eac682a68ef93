import { z } from "zod";
import { query } from "../declare.ts";
import { facts } from "../facts/index.ts";
import { inspectionReport } from "../inspection-report.ts";
import { imagePath, imagePlace, imagePlaceInTerraform } from "./image-place.ts";

export const inspection = query({
  name: "inspection",
  since: "0.1.0",
  summary: "What is inside an image: operating system, packages, users, file systems.",
  description:
    "Opens the image without mounting it, finds the operating systems in it and gathers their facts. An image without one is an answer, not an error: the same fields, null or empty.",
  input: z.object({ disk_image: imagePath(), ...imagePlace, facts: facts() }),
  output: inspectionReport,
  examples: [
    { title: "What runs in this image?", input: { disk_image: "ubuntu.qcow2" } },
    { title: "What runs in it by the clock?", input: { disk_image: "ubuntu.qcow2", facts: ["schedule"] } },
  ],
  aliases: {
    terraform: imagePlaceInTerraform,
    ansible: { name: "guestkit_inspect", fields: { disk_image: "disk" } },
    cli: { name: "inspect" },
  },
});
