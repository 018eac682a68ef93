import { z } from "zod";
import { action, hostPath } from "../../../declare.ts";
import { machineName, since, verb } from "./verb.ts";

export const provision = verb(
  "provision",
  "Run a machine's provisioning steps again",
  "All of them in order, or those that are named. Steps that need secrets run in applies alone.",
  { steps: z.array(z.string()).default([]).describe("Names of steps; all where left out.") },
  { steps: z.array(z.string()).describe("Names of the steps that ran.") },
);

export const screenshot = verb(
  "screenshot",
  "Save what a machine's screen shows",
  "A PNG of the guest's screen as it is now.",
  { dest: hostPath().describe("File of the host to write.") },
  { written_to: z.string().describe("The file.") },
  { positional: ["dest"], example: { dest: "web.png" } },
);

export const exec = action({
  name: "vm_exec",
  since,
  summary: "Run a command in a machine",
  description:
    "Runs a command in the guest by SSH or guest agent and gives its exit code and the last MiB of each of its outputs. guestkit vm exec on the command line streams instead.",
  input: z.object({
    name: machineName(),
    command: z.array(z.string()).min(1).describe("Program and arguments."),
    user: z.string().optional().describe("As whom it runs; whoever logs in where left out."),
    via: z.enum(["auto", "ssh", "agent"]).default("auto").describe("How the guest is reached."),
    input: z.string().optional().describe("What it reads from its standard input."),
    timeout: z.int().min(1).default(600).describe("Seconds that it may take."),
  }),
  output: z.object({
    exit_code: z.int().describe("The command's own."),
    stdout: z.string().describe("What it wrote, the last MiB of it."),
    stderr: z.string().describe("What it complained of, the last MiB of it."),
  }),
  examples: [{ title: "Which kernel runs?", input: { name: "web", command: ["uname", "-r"] } }],
});
