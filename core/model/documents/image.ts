import { z } from "zod";
import { checkResult } from "../contracts/checks/index.ts";
import { changed } from "../contracts/image-diff.ts";
import { inspectionReport, packageReport } from "../inspection-report.ts";
import { document } from "./document.ts";
import { errorReport } from "./error.ts";

const base64 = (of: string) => z.string().optional().describe(`The bytes of ${of} in base64, where they are no UTF-8.`);

const inspected = document(
  "inspected",
  "One of several images that were inspected: a line",
  z.object({
    image: z.string().describe("The image, as it was named."),
    report: inspectionReport.optional().describe("What is inside; not there where it could not be inspected."),
    error: errorReport.optional().describe("Why it could not be inspected."),
  }),
);

const packageLine = document("package", "A package that is installed in an image: a line", packageReport);

const change = document(
  "change",
  "What differs between two images: a line",
  z.object({
    ...changed,
    name_base64: base64("name"),
    from: z.string().optional().describe("The path that a renamed file had."),
    from_base64: base64("from"),
    fields: z
      .record(z.string(), z.array(z.unknown()).length(2))
      .describe("What of it differs: its value before and after, null where it is not there."),
  }),
);

const journalEntry = document(
  "journal-entry",
  "An entry of the journal in an image, as journalctl -o json has it: a line",
  z
    .object({
      __SEQNUM: z.string().describe("Its number in its file."),
      __REALTIME_TIMESTAMP: z.string().describe("Microseconds since 1970."),
      __MONOTONIC_TIMESTAMP: z.string().describe("Microseconds since the boot."),
      _BOOT_ID: z.string().describe("The boot."),
    })
    .catchall(z.unknown())
    .describe(
      "Beside these every field of the entry: a text, bytes that are no text as numbers, several values as a list.",
    ),
);

const fileEntry = document(
  "file-entry",
  "A file inside an image: a line",
  z.object({
    path: z.string().describe("Path in the image."),
    path_base64: base64("path"),
    type: z.enum(["file", "directory", "symlink", "block", "char", "fifo", "socket"]).describe("What it is."),
    mode: z.string().describe("Permissions in octal digits: 0644."),
    uid: z.int().describe("Owner's number."),
    gid: z.int().describe("Group's number."),
    size: z.int().describe("Bytes."),
    mtime: z.string().describe("When its content changed, RFC 3339."),
    inode: z.int().describe("Inode's number."),
    links: z.int().describe("How many names it has."),
    target: z.string().nullable().describe("Where a symbolic link leads."),
    target_base64: base64("target"),
    device: z
      .object({ major: z.int().describe("Major number."), minor: z.int().describe("Minor number.") })
      .optional()
      .describe("Of a device."),
  }),
);

const copied = document(
  "copied",
  "What was copied out of an image",
  z.object({
    copied_to: z.string().describe("Where it went."),
    files: z.int().describe("How many files there are."),
    copied: z.int().describe("How many were written: the others were the same already."),
    bytes: z.int().describe("Bytes that were written."),
    left_out: z
      .array(
        z.object({
          path: z.string().describe("Path in the image."),
          path_base64: z.string().nullable().describe("Its bytes in base64, where they are no UTF-8."),
          why: z.string().describe("Why it was left out."),
        }),
      )
      .describe("What was left out."),
  }),
);

const sbomFile = document(
  "sbom-file",
  "A list of the software in an image that was written to a file",
  z.object({
    output: z.string().describe("The file."),
    format: z.enum(["cyclonedx", "spdx"]).describe("What it is."),
    serial_number: z.string().describe("urn:uuid: and a UUID of version 5."),
    total: z.int().describe("How many packages are on it."),
    warnings: z.array(z.string()).describe("What was odd while reading."),
  }),
);

const count = (what: string) => z.int().min(0).describe(`How many ${what}.`);

const check = document(
  "check",
  "What became of rules in an image",
  z.object({
    format_version: z.literal(1).describe("Version of this shape."),
    image: z.string().describe("The image, as it was named."),
    passed: z.boolean().describe("Whether nothing stops whoever asked: what is of severity info does not."),
    counts: z
      .object({
        failed: count("do not hold"),
        error: count("cannot be told"),
        waived: count("are waived"),
        passed: count("hold"),
      })
      .describe("How many results there are of each state."),
    results: z
      .array(
        z.object({
          ...checkResult,
          state: z.enum(["passed", "failed", "error", "waived"]).describe("Whether the rule holds."),
          waiver: z
            .object({
              reason: z.string().describe("Why it need not hold."),
              until: z.string().describe("The last day on which that counts."),
            })
            .nullable()
            .describe("What it is waived for; null where it is not."),
        }),
      )
      .describe("What became of each rule in each system, in the order of their names."),
    warnings: z.array(z.string()).describe("What is odd about the rules."),
  }),
);

export const imageDocuments = [inspected, packageLine, change, journalEntry, fileEntry, copied, sbomFile, check];
