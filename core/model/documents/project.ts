import { z } from "zod";
import { document } from "./document.ts";

const formatVersion = z.literal(1).describe("Version of this shape.");
const known = "A value that only an apply will tell is {$unknown: true}.";

const validation = document(
  "validation",
  "What validate says of a project file",
  z.object({
    format_version: formatVersion,
    valid: z.boolean().describe("Whether nothing is an error."),
    diagnostics: z
      .array(
        z
          .object({
            severity: z.enum(["error", "warning"]).describe("Whether it stops an apply."),
            code: z.string().describe("Stable: E_FIELD_UNKNOWN."),
            message: z.string().describe("What is so."),
            help: z.string().nullable().describe("A next step that works."),
            path: z.string().describe("The field: resources.disk_image.web.size."),
            line: z.int().nullable().describe("Line in the file, from 1."),
            column: z.int().nullable().describe("Column, from 1."),
          })
          .meta({ id: "FileDiagnostic" }),
      )
      .describe("Faults, and what is odd."),
  }),
);

const plan = document(
  "plan",
  "What an apply would do, or did, and why",
  z.object({
    format_version: formatVersion,
    changes: z
      .array(
        z
          .object({
            address: z.string().describe("The thing in the project file: disk_image.web."),
            host: z.string().optional().describe("The host of the file on which it happens; left out: this one."),
            action: z.enum(["create", "update", "replace", "delete", "none"]).describe("What happens to it."),
            moved_from: z.string().optional().describe("Its address before."),
            reasons: z
              .array(
                z.object({
                  path: z.string().describe("The field; empty for the thing itself."),
                  before: z.unknown().describe("As it is. Secrets are not shown."),
                  after: z.unknown().describe(`As it is to be. Secrets are not shown. ${known}`),
                  why: z.string().describe("Why it is done."),
                }),
              )
              .describe("Why it happens."),
          })
          .meta({ id: "PlannedChange" }),
      )
      .describe("Whatever changes."),
    outputs: z.record(z.string(), z.unknown()).describe(`The file's outputs. ${known}`),
  }),
);

const outputs = document(
  "outputs",
  "The outputs of a project file",
  z.record(z.string(), z.unknown()).describe(`By their names; secret ones are not shown. ${known}`),
);

const output = document("output", "One output of a project file", z.unknown().describe("Its value."));

const resource = document(
  "resource",
  "A thing as it is now: the fields of its contract, whose name its own schema has",
  z.looseObject({ id: z.string().describe("Path of an image, name of a machine.") }),
);

const kvmxfileImport = document(
  "kvmxfile-import",
  "What became of each key of a kvmxfile",
  z.object({
    format_version: formatVersion,
    output: z.string().describe("The project file that was written."),
    name: z.string().describe("The machine's name."),
    complete: z.boolean().describe("Whether nothing is left to do."),
    keys: z
      .array(
        z.object({
          key: z.string().describe("The key."),
          line: z.int().describe("Where it is set last, from 1."),
          status: z.enum(["translated", "not_needed", "partly", "untranslated"]).describe("What became of it."),
          fields: z.array(z.string()).describe("Fields of the project file: virtual_machine.web.memory."),
          why: z.string().nullable().describe("What is to be known of it, or why it could not be translated."),
          instead: z.string().nullable().describe("What to do instead."),
        }),
      )
      .describe("In the order of their lines."),
    unread: z
      .array(
        z.object({
          line: z.int().describe("Line, from 1."),
          word: z.string().describe("Its first word."),
          keys: z.array(z.string()).describe("Keys that it would have set."),
          why: z.string().describe("Why it was not read."),
        }),
      )
      .describe("What only a shell could have done."),
  }),
);

export const projectDocuments = [validation, plan, outputs, output, resource, kvmxfileImport];
