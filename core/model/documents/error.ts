import { z } from "zod";
import { document } from "./document.ts";

const place = z
  .object({
    file: z.string().optional().describe("A file of the host."),
    offset: z.int().optional().describe("Bytes from its start."),
    field: z
      .array(z.union([z.string(), z.int()]))
      .optional()
      .describe("The way to a field of a declaration: layout, partitions, 0, name."),
  })
  .meta({ id: "ErrorPlace" });

/** The fields of every error, by every face. */
export const errorFields = {
  code: z.string().describe("Stable: E_QCOW2_L1_BOUNDS."),
  message: z.string().describe("What is so: Cannot open ..."),
  help: z.string().nullable().describe("A next step that works."),
  at: place.nullable().describe("Where the fault lies."),
  cause: z.string().nullable().describe("What was said of it by whatever failed first."),
};

export const errorReport = z.object(errorFields).meta({ id: "ErrorReport" });

export const failure = document(
  "failure",
  "Why a command failed: on standard error, with --json",
  z.object({ error: errorReport.describe("The error.") }),
);

export const logLine = document(
  "log-line",
  "A line of the log that GUESTKIT_LOG asks for, on standard error",
  z.looseObject({
    time: z.string().describe("When, RFC 3339."),
    level: z.enum(["error", "warn", "info", "debug", "trace"]).describe("How much it matters."),
    message: z.string().describe("What is told."),
  }),
);
