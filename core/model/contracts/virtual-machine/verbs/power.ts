import { z } from "zod";
import { hostPath } from "../../../declare.ts";
import { seconds, statusAfter, verb } from "./verb.ts";

export const stopping = {
  timeout: seconds("Seconds that the guest has to shut down"),
  quit_timeout: seconds("Seconds that QEMU has to quit after that, before it is killed"),
};

export const warnings = () => z.array(z.string()).describe("What went wrong and stopped nothing: shutdown_commands.");

export const readyOutput = {
  status: statusAfter(),
  pid: z.int().nullable().describe("QEMU's process."),
  ssh_command: z.string().nullable().describe("A command that logs in."),
};

const waiting = () => z.boolean().default(true).describe("Wait until it is ready; otherwise end when QEMU runs.");
export const projectFile = () =>
  hostPath()
    .optional()
    .describe("Project file that declares what is missing; guestkit.yaml in the working directory where left out.");

export const up = verb(
  "up",
  "Start a machine and wait until it is ready",
  "Starts QEMU, waits for what wait_for declares, mounts the shares and runs the provisioning steps that are due. A machine that runs and is ready is left alone. An image that is gone is made again as it was declared; a machine that is none yet is made, with what it needs, as the project file declares it.",
  { wait: waiting(), file: projectFile() },
  readyOutput,
);

export const stop = verb(
  "stop",
  "Shut a machine down",
  "Runs shutdown_commands, asks the guest (agent, then power button), then tells QEMU to quit, then kills it, each with its own time.",
  stopping,
  { status: statusAfter(), how: z.string().describe("not running, shut down, quit or killed."), warnings: warnings() },
);

export const kill = verb(
  "kill",
  "End a machine at once",
  "Kills QEMU, as pulling the plug would. What the guest has not written is lost. Does not wait for another command on the machine.",
  {},
  { status: statusAfter(), how: z.string().describe("not running or killed.") },
);

export const restart = verb(
  "restart",
  "Stop a machine and start it again",
  "As vm stop and vm up: QEMU starts anew, with what was changed in the declaration meanwhile.",
  { ...stopping, wait: waiting(), file: projectFile() },
  readyOutput,
);

export const suspend = verb(
  "suspend",
  "Freeze a machine",
  "Its processors stand still, its memory stays; vm resume goes on.",
  {},
  { status: statusAfter() },
);

export const resume = verb("resume", "Let a frozen machine go on", "Undoes vm suspend.", {}, { status: statusAfter() });

export const destroy = verb(
  "destroy",
  "Remove a machine and what is its own",
  "Stops it and removes its overlays, NVRAM, TPM state and cloud-init medium. Images that it only used stay. On a terminal it asks first. Refused for a machine that runs, unless forced, and under delete_protection.",
  { force: z.boolean().default(false).describe("Do not ask, and stop it where it runs.") },
  { removed: z.boolean().describe("Whether there was one.") },
  { confirm: "What it wrote to disks of its own is lost." },
);
