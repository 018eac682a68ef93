import { z } from "zod";
import { document } from "./document.ts";

const sshConfig = document(
  "ssh-config",
  "How to log in to a machine by SSH",
  z.object({
    name: z.string().describe("The machine."),
    host: z.string().describe("Address."),
    port: z.int().describe("Port."),
    user: z.string().describe("Who logs in."),
    key_file: z.string().nullable().describe("File of the private key; null where the user's own are tried."),
    known_hosts: z.string().describe("File of its host keys."),
    proxy_command: z.string().optional().describe("What leads to a machine of another host, as ssh_config has it."),
  }),
);

const machineResult = document(
  "machine-result",
  "What became of one of several machines: a line",
  z.object({
    name: z.string().describe("The machine."),
    verb: z.string().describe("What was to be done."),
    outcome: z.enum(["done", "failed", "timed out", "interrupted", "not started"]).describe("How it ended."),
    ok: z.boolean().describe("Whether it is done."),
    changed: z.boolean().describe("Whether something was changed, or would be."),
    exit_code: z
      .int()
      .nullable()
      .describe("What the verb alone would have exited with; null where it was never begun."),
    duration: z.number().describe("Seconds."),
    before: z.string().nullable().describe("The state before, where the verb tells it."),
    after: z.string().nullable().describe("The state after."),
    output: z.record(z.string(), z.unknown()).nullable().describe("The verb's own answer."),
    error: z
      .object({
        code: z.string().describe("Stable."),
        message: z.string().describe("What is so."),
        help: z.string().nullable().describe("A next step that works."),
      })
      .nullable()
      .describe("Why it failed."),
  }),
);

const machineSummary = document(
  "machine-summary",
  "What became of several machines: the last line on standard error",
  z.object({
    summary: z
      .object({
        machines: z.int().describe("How many there are."),
        done: z.int().describe("How many are done."),
        changed: z.int().describe("How many of them were changed."),
        failed: z.int().describe("How many failed."),
        timed_out: z.int().describe("How many were not done in their time."),
        interrupted: z.int().describe("How many were interrupted."),
        not_started: z.int().describe("How many were not begun."),
      })
      .describe("Counts."),
  }),
);

export const machineDocuments = [sshConfig, machineResult, machineSummary];
