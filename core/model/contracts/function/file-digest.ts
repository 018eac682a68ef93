import { z } from "zod";
import { callerPath, pureFunction } from "../../declare.ts";

export const fileDigest = pureFunction({
  name: "file_digest",
  since: "0.2.0",
  summary: "The digest of a file of any size.",
  description:
    "What sha256 and sha512 of a source take. The file is read once: while it stays untouched, the digest is remembered.",
  input: z.object({
    path: callerPath().describe("The file to read."),
    algorithm: z.enum(["sha256", "sha512"]).default("sha256").describe("By which algorithm."),
  }),
  output: z.object({ digest: z.string().describe("In hexadecimal.") }),
  examples: [{ title: "Of an image", input: { path: "debian.qcow2" } }],
});
