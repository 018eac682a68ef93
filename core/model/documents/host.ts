import { z } from "zod";
import { document } from "./document.ts";

/** What is told of work that goes on, by journal and by rpc. */
export const progressFields = {
  phase: z.string().describe("What is done now: downloading."),
  done: z.number().optional().describe("How much is done."),
  total: z.number().optional().describe("How much there is."),
  unit: z.enum(["bytes", "items"]).optional().describe("What is counted."),
  detail: z.string().optional().describe("The thing at hand."),
  warning: z.boolean().optional().describe("It went wrong, and stops nothing."),
};

const progress = document(
  "progress",
  "What guestkit does now, by whichever face: a line",
  z.object({
    title: z.string().describe("The work."),
    pid: z.int().describe("Number of its process."),
    started: z.number().describe("When it began: milliseconds since 1970."),
    ...progressFields,
  }),
);

const doctor = document(
  "doctor",
  "What this host can and cannot do",
  z.object({
    ok: z.boolean().describe("Whether all that is needed is there."),
    findings: z
      .array(
        z.object({
          name: z.string().describe("What was looked for."),
          ok: z.boolean().describe("Whether it is there."),
          optional: z.boolean().describe("Without it only some things do not work."),
          purpose: z.string().describe("What it is for."),
          detail: z.string().describe("What was found."),
          help: z.string().nullable().describe("How to mend it."),
        }),
      )
      .describe("All that was looked for."),
  }),
);

const pruned = document(
  "pruned",
  "What was removed from the cache",
  z.object({ entries: z.int().describe("How many things."), bytes: z.int().describe("Bytes that they took.") }),
);

const version = document(
  "version",
  "Versions",
  z.object({
    version: z.string().describe("guestkit's."),
    protocol: z.int().describe("That of guestkit rpc."),
    node: z.string().describe("Node's."),
  }),
);

export const hostDocuments = [progress, doctor, pruned, version];
