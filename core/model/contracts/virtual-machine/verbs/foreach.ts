import { z } from "zod";
import { action } from "../../../declare.ts";
import { since } from "./verb.ts";

export const foreach = action({
  name: "vm_foreach",
  since,
  summary: "Do one thing with each of several machines",
  description:
    "Any query or action on one machine, a few machines at a time. A machine that fails or hangs hinders no other: it is told in results, and ok is false. guestkit vm foreach on the command line tells each machine as it is done.",
  input: z.object({
    verb: z.string().min(1).describe("What to do, as after guestkit vm: upgrade, stop, exec, snapshot take."),
    input: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        "The verb's input but for the name. Lists and maps are JSON; {name} stands for the machine's name; host paths are absolute.",
      ),
    select: z
      .array(z.string())
      .default([])
      .describe("Names of machines, or patterns of names with * and ?; all machines where left out."),
    labels: z
      .record(z.string(), z.string())
      .default({})
      .describe("Labels that a machine has, with patterns of their values: all of them."),
    status: z.array(z.string()).default([]).describe("States of which the machine's is one: running, stopped."),
    parallel: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe("Machines at a time; as many as the host has processors (2 to 8) where left out."),
    timeout: z.int().min(0).max(604_800).default(3600).describe("Seconds for each machine; 0 is no limit."),
    fail_fast: z.boolean().default(false).describe("Begin with no further machine after the first that fails."),
  }),
  output: z.object({
    ok: z.boolean().describe("Whether all are done."),
    done: z.int().describe("How many are done."),
    failures: z.int().describe("How many failed, or were not done in their time."),
    not_started: z.int().describe("How many were not begun, after a failure."),
    results: z
      .array(
        z.object({
          name: z.string().describe("The machine."),
          verb: z.string().describe("What was to be done."),
          outcome: z.string().describe("done, failed, timed out, interrupted or not started."),
          ok: z.boolean().describe("Whether it is done."),
          changed: z.boolean().describe("Whether something was changed, or would be."),
          exit_code: z
            .int()
            .nullable()
            .describe("What the verb alone would have exited with; 124 when its time was over."),
          duration: z.number().describe("Seconds that it may take."),
          before: z.string().nullable().describe("The state before, where the verb tells it."),
          after: z.string().nullable().describe("The state after."),
          output: z.string().nullable().describe("The verb's own answer, as JSON."),
          error: z.string().nullable().describe("Why it failed."),
          error_code: z.string().nullable().describe("The same as a code."),
        }),
      )
      .describe("The machines, as they came to their end."),
  }),
  examples: [
    { title: "Upgrade every web server", input: { verb: "upgrade", labels: { role: "web*" } } },
    {
      title: "Which kernels run?",
      input: { verb: "exec", input: { command: '["uname", "-r"]' }, status: ["running"] },
    },
  ],
});
