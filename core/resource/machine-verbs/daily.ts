import type { ActionImplementation } from "../../engine/implementation.ts";
import { demandRecyclable, recycleMachine } from "../../lifecycle/daily/recycle.ts";
import { upgradeMachine, upgradeSkipped } from "../../lifecycle/daily/upgrade.ts";
import { look } from "../../lifecycle/look/look.ts";
import { waysOf } from "../../lifecycle/ways.ts";
import { withBrought } from "../../machine/brought.ts";
import { timeoutsOf } from "../../machine/machine.ts";
import { demandSound } from "../virtual-machine/guard.ts";
import { knownMachine, withMachine } from "./known.ts";
import { restoreImages } from "./missing-image.ts";
import { timesOf } from "./power.ts";
import { withWarnings } from "./warnings.ts";

export const vmRecycle: ActionImplementation = {
  run: async (input, { check }, context) => {
    const { folder, memory } = await knownMachine(input, context);
    const before = (await look(folder, context)).status;
    await demandRecyclable(memory, folder, context);
    if (check) {
      return {
        changed: true,
        before,
        after: "running",
        output: { status: "running", pid: null, ssh_command: null, warnings: [] },
      };
    }
    const told = withWarnings(context);
    const done = await withMachine(input, context, async (known) => {
      await restoreImages(known, context, { anew: true });
      // What would not boot is told before what does is thrown away.
      await demandSound({ ...withBrought(known.memory.machine, known.folder), running: true }, context);
      const timeouts = timesOf(timeoutsOf(known.memory.machine), input);
      return await recycleMachine(known.memory, folder, told.context, timeouts);
    });
    const seen = await look(folder, context);
    const { pid, ssh_command } = waysOf(done, folder, seen);
    const output = { status: seen.status, pid, ssh_command, warnings: told.warnings };
    return { changed: true, before, after: seen.status, output };
  },
};

export const vmUpgrade: ActionImplementation = {
  run: async (input, { check }, context) => {
    const { folder, memory } = await knownMachine(input, context);
    const { status } = await look(folder, context);
    const reason = await upgradeSkipped(memory, context.settings);
    const answer = { status, reason, output: "", warnings: [] };
    if (reason !== null || check) return { changed: reason === null, output: answer };
    const told = withWarnings(context);
    const output = await withMachine(input, context, (known) =>
      upgradeMachine(known.memory, folder, Number(input.timeout), told.context),
    );
    const after = (await look(folder, context)).status;
    return { changed: true, output: { status: after, reason: null, output, warnings: told.warnings } };
  },
};
