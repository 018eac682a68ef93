import { z } from "zod";
import { action, hostPath } from "../../declare.ts";
import { jobName, since } from "./job.ts";
import { whichJob } from "./run.ts";

export const install = action({
  name: "ci_install",
  since,
  summary: "Let this user's systemd run a CI job at set times",
  description:
    "Writes a timer and its service among this user's units and enables the timer; where the user's systemd runs, the timer is started as well.",
  input: z.object({
    ...whichJob,
    job: jobName(),
    on_calendar: z.string().min(1).default("daily").describe("When: OnCalendar of systemd.time(7)."),
    random_delay: z.int().min(0).default(0).describe("Seconds by which a run is put off at most, at random."),
    environment_file: hostPath()
      .optional()
      .describe("NAME=VALUE lines for the job's environment: what ${env.NAME} in project files means."),
  }),
  output: z.object({
    timer: z.string().describe("The timer's unit file."),
    service: z.string().describe("The service's unit file."),
    started: z.boolean().describe("Whether systemd runs the timer now; otherwise from the next login or start on."),
  }),
  examples: [{ title: "Every night at three", input: { job: "nightly", on_calendar: "03:00" } }],
  aliases: { cli: { name: "ci install", positional: ["job"] } },
});

export const uninstall = action({
  name: "ci_uninstall",
  since,
  summary: "Remove a CI job's timer",
  description: "Stops the timer and removes its units. The job's file, check-out and report stay.",
  input: z.object({ job: jobName() }),
  output: z.object({ removed: z.boolean().describe("Whether there was one.") }),
  examples: [{ title: "No more", input: { job: "nightly" } }],
  aliases: { cli: { name: "ci uninstall", positional: ["job"] } },
});
