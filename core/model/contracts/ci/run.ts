import { z } from "zod";
import { action, hostPath, query } from "../../declare.ts";
import { jobName, since } from "./job.ts";

export const whichJob = {
  job: jobName().optional(),
  config: hostPath()
    .optional()
    .describe("The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out."),
};

const step = z.object({
  name: z.string().describe("fetch, verify, check out, plan, apply, recycle web, provision web."),
  result: z.string().describe("passed, failed, refused, unchanged, skipped or interrupted."),
  seconds: z.number().describe("How long it took."),
  detail: z.string().describe("What it did, or why it failed."),
});

export const run = action({
  name: "ci_run",
  since,
  summary: "Run a CI job",
  description:
    "Fetches the job's repository, verifies the signature of the commit or tag, checks it out, applies its project file, recycles or provisions machines, runs the checks, and writes log and report. Without a good signature of an allowed key nothing is run; where the commit and everything observed are unchanged nothing is done.",
  input: z.object({
    ...whichJob,
    allow_rewind: z
      .boolean()
      .default(false)
      .describe("This once, take a commit that does not descend from the last accepted one."),
  }),
  output: z.object({
    result: z
      .string()
      .describe("passed or unchanged; with dry-run also accepted. What fails or is refused is an error."),
    commit: z.string().describe("The commit."),
    signer: z.string().describe("Whose signature it has."),
    changes: z.array(z.string()).describe("What was done: address and action."),
    report: z.string().nullable().describe("The page of the report."),
    log: z.string().nullable().describe("The run's log."),
  }),
  examples: [{ title: "As the timer does", input: { job: "nightly" } }],
  aliases: {
    cli: {
      name: "ci run",
      positional: ["job"],
      details:
        "Exit code 0: passed, or nothing to do. 1: failed or refused; status.json in the report says why (result, reason).",
    },
  },
});

const last = {
  result: z
    .string()
    .nullable()
    .describe("passed, unchanged, failed, refused, interrupted, running; null before the first run."),
  commit: z.string().nullable().describe("The commit."),
  ended_at: z.string().nullable().describe("When it ended, ISO 8601."),
};

export const list = query({
  name: "ci_jobs",
  since,
  summary: "The CI jobs of this host",
  description: "Every job that is declared in the configuration folder, with its timer and its last run.",
  input: z.object({}),
  output: z.object({
    jobs: z
      .array(
        z.object({
          name: z.string().describe("Name."),
          repository: z.string().nullable().describe("Where it comes from; null where the file cannot be read."),
          ref: z.string().nullable().describe("Branch or tag."),
          on_calendar: z.string().nullable().describe("When its timer fires; null without one."),
          ...last,
        }),
      )
      .describe("Jobs by name."),
  }),
  examples: [{ title: "What is there?", input: {} }],
  aliases: {
    cli: {
      name: "ci list",
      positional: [],
      list: "jobs",
      columns: ["name", "on_calendar", "result", "commit", "ended_at"],
      empty: "No jobs: docs/guide/ci.md says how one is made.",
    },
  },
});

export const status = query({
  name: "ci_status",
  since,
  summary: "The last run of a CI job",
  description: "What status.json in the job's report says.",
  input: z.object(whichJob),
  output: z.object({
    ...last,
    reason: z.string().nullable().describe("Why it failed or was refused."),
    signer: z.string().nullable().describe("Whose signature the commit has."),
    started_at: z.string().nullable().describe("When it started, ISO 8601."),
    steps: z.array(step).describe("What was done, in order."),
    report: z.string().describe("The page of the report."),
    log: z.string().nullable().describe("The run's log."),
  }),
  examples: [{ title: "Did it work last night?", input: { job: "nightly" } }],
  aliases: {
    cli: {
      name: "ci status",
      positional: ["job"],
      columns: ["result", "reason", "commit", "signer", "started_at", "ended_at", "report", "log"],
    },
  },
});
