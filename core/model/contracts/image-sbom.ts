import { z } from "zod";
import { query } from "../declare.ts";
import { imagePath, imagePlace, imagePlaceInTerraform } from "./image-place.ts";

export const imageSbom = query({
  name: "image_sbom",
  since: "0.2.0",
  summary: "A list of the software in an image, as CycloneDX or SPDX.",
  description:
    "Reads the package managers' own lists without a boot: name, version, architecture, licence, vendor, source package and package URL of each, under the operating system that it is installed in. The same image gives the same bytes. Refused where a part of the image cannot be read, since what is not on a list counts as absent.",
  input: z.object({
    disk_image: imagePath(),
    format: z.enum(["cyclonedx", "spdx"]).default("cyclonedx").describe("CycloneDX 1.6 or SPDX 2.3, as JSON."),
    languages: z
      .boolean()
      .default(false)
      .describe(
        "Packages of Python, npm, RubyGems, Go, Rust and Maven as well, for which whole trees are walked through.",
      ),
    ...imagePlace,
  }),
  output: z.object({
    content: z.string().describe("The document, as it is to be written to a file."),
    serial_number: z.string().describe("urn:uuid: and a UUID of version 5: the same software has the same one."),
    total: z.int().describe("How many packages are on it."),
    warnings: z.array(z.string()).describe("What was odd while reading."),
  }),
  examples: [{ title: "What is installed, for a scanner", input: { disk_image: "ubuntu.qcow2", format: "spdx" } }],
  aliases: {
    terraform: imagePlaceInTerraform,
    ansible: { name: "guestkit_sbom", fields: { disk_image: "disk" } },
    cli: { name: "sbom" },
  },
});
