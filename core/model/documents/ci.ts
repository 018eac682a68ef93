import { z } from "zod";
import { document } from "./document.ts";

const ciReport = document(
  "ci-report",
  "What a run of a CI job did: status.json of its report, and each file of runs",
  z.object({
    format_version: z.literal(1).describe("Version of this shape."),
    id: z.string().describe("Names the run: its start, sortable."),
    job: z.string().describe("The job."),
    result: z.enum(["passed", "unchanged", "failed", "refused", "interrupted", "running"]).describe("How it ended."),
    exit_code: z.int().nullable().describe("Of the command; null while it runs."),
    reason: z
      .object({
        code: z.string().describe("Stable."),
        message: z.string().describe("What is so."),
        help: z.string().nullable().describe("A next step that works."),
      })
      .nullable()
      .describe("Why it failed or was refused."),
    repository: z.string().describe("Where the commits come from."),
    ref: z.string().describe("Branch or tag."),
    commit: z
      .object({
        id: z.string().describe("Its hash."),
        subject: z.string().describe("First line of its message."),
        author: z.string().describe("Who wrote it: NAME <ADDRESS>."),
        committed_at: z.string().describe("ISO 8601."),
      })
      .nullable()
      .describe("What was run; null where there was none."),
    previous_commit: z.string().nullable().describe("The last commit that was accepted before."),
    signer: z
      .object({
        kind: z.enum(["ssh", "gpg"]).describe("Kind of the signature."),
        name: z.string().describe("A principal or a user id of the list of allowed keys."),
        key: z.string().describe("Fingerprint."),
        by: z.enum(["commit", "tag"]).describe("What bears the signature."),
      })
      .nullable()
      .describe("Who signed it; null where that was not looked at or nobody did."),
    started_at: z.string().describe("ISO 8601."),
    ended_at: z.string().nullable().describe("ISO 8601; null while it runs."),
    steps: z
      .array(
        z.object({
          name: z.string().describe("fetch, verify, check out, plan, apply, recycle web, provision web."),
          result: z
            .enum(["passed", "unchanged", "skipped", "failed", "refused", "interrupted"])
            .describe("How it ended."),
          started_at: z.string().describe("ISO 8601."),
          seconds: z.number().describe("How long it took."),
          detail: z.string().describe("What it did, or why it failed."),
        }),
      )
      .describe("What was done, in order."),
    changes: z
      .array(
        z.object({
          address: z.string().describe("The thing in the project file."),
          action: z.string().describe("What happened to it."),
        }),
      )
      .describe("What was changed."),
    checks: z
      .array(
        z.object({
          name: z.string().describe("The check."),
          machine: z.string().nullable().describe("Where it ran; null for the host."),
          result: z.enum(["passed", "failed"]).describe("How it ended."),
          exit_code: z.int().nullable().describe("Its exit code; null where it did not come to its end."),
          expected: z.int().describe("The exit code that was wanted."),
          seconds: z.number().describe("How long it took."),
          output: z.string().describe("The end of what it said."),
        }),
      )
      .describe("The job's checks."),
    log: z.string().describe("The run's log."),
  }),
);

export const ciDocuments = [ciReport];
