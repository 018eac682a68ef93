import { z } from "zod";
import { live } from "../../declare.ts";

/** What is done in the guest day by day. */
export const dailyFields = {
  provision_always: z
    .boolean()
    .default(false)
    .meta(live)
    .describe("Run every provisioning step at every start, whatever its when says."),
  startup_commands: z
    .array(z.string())
    .default([])
    .meta(live)
    .describe("Lines of a shell script run as root in the guest at every start, when it is ready and provisioned."),
  shutdown_commands: z
    .array(z.string())
    .default([])
    .meta(live)
    .describe(
      "Lines of a shell script run as root in the guest before it is asked to shut down; within timeouts.stop. What fails is told, and does not keep it from stopping.",
    ),
  upgrade_command: z
    .string()
    .optional()
    .meta(live)
    .describe("What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade."),
};
