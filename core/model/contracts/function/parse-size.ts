import { z } from "zod";
import { byteSize, inBytes, pureFunction } from "../../declare.ts";

export const parseSize = pureFunction({
  name: "parse_size",
  since: "0.2.0",
  summary: "How many bytes a size is.",
  description: "Takes sizes as every field does: 20G and 20GiB count by 1024, 20GB by 1000, a number is bytes.",
  input: z.object({ size: byteSize().describe("The size as it is written: 20G.") }),
  output: z.object({ bytes: z.int().meta(inBytes).describe("The bytes of it.") }),
  examples: [{ title: "20 GiB", input: { size: "20G" } }],
});
