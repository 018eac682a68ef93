import { execInGuest, guestAnswer, runScript } from "../../communicator/index.ts";
import { provision } from "../../communicator/provision/index.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { partialBeside, sweepPartials } from "../../host/partial.ts";
import { asCallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { connectMachine, look } from "../../lifecycle/look/look.ts";
import type { ProvisionStep } from "../../machine/machine.ts";
import { remember, withWayIn } from "../../machine/memory.ts";
import type { Run } from "../../machine/run.ts";
import { type Known, knownMachine, withMachine } from "./known.ts";
import { texts } from "./texts.ts";

/** The start that the machine runs from. Throws `E_MACHINE_STOPPED`. */
export async function demandRunning({ folder, memory }: Known, context: Context): Promise<Run> {
  const { status, run } = await look(folder, context);
  if (run && status === "running") return run;
  const { name } = memory.machine;
  const help = status === "paused" ? `guestkit vm resume ${name}` : `guestkit vm up ${name}`;
  throw new GuestkitError("E_MACHINE_STOPPED", `Cannot reach "${name}": it is ${status}`, { help });
}

export const vmProvision: ActionImplementation = {
  run: async (input, { check }, context) => {
    const steps = chosenSteps(await knownMachine(input, context), texts(input.steps));
    const names = steps.map(({ name }) => name);
    if (check) return { changed: names.length > 0, output: { steps: names } };
    const done = await withMachine(input, context, async (known) => {
      const run = await demandRunning(known, context);
      const { folder, memory } = known;
      const machine = withWayIn(memory, folder);
      const chosen = machine.provision.filter(({ name }) => names.includes(name));
      const ran = await provision(machine, chosen, { folder, run, context });
      await remember(folder, memory, { provisioned: [...new Set([...memory.details.provisioned, ...ran])] });
      return ran;
    });
    return { changed: done.length > 0, output: { steps: [...done] } };
  },
};

function chosenSteps({ memory }: Known, wanted: readonly string[]): readonly ProvisionStep[] {
  const { name, provision: steps } = memory.machine;
  const unknown = wanted.find((each) => !steps.some((step) => step.name === each));
  if (unknown !== undefined) {
    throw new GuestkitError("E_PROVISION_UNKNOWN", `Cannot run the step "${unknown}" of "${name}": there is none`, {
      help: `It has: ${steps.map((step) => step.name).join(", ") || "none"}.`,
    });
  }
  return wanted.length === 0 ? steps : steps.filter((step) => wanted.includes(step.name));
}

export const vmExec: ActionImplementation = {
  run: async (input, { check }, context) => {
    const known = await knownMachine(input, context);
    if (check) return { changed: true, output: { exit_code: 0, stdout: "", stderr: "" } };
    const run = await demandRunning(known, context);
    const result = await execInGuest(
      withWayIn(known.memory, known.folder),
      known.folder,
      run,
      {
        argv: texts(input.command),
        via: input.via as "auto",
        ...(typeof input.user === "string" && { user: input.user }),
        ...(typeof input.input === "string" && { input: input.input }),
        timeoutMs: Number(input.timeout) * 1000,
      },
      context,
    );
    return { changed: true, output: guestAnswer(result) };
  },
};

export const vmRun: ActionImplementation = {
  run: async (input, { check }, context) => {
    const known = await knownMachine(input, context);
    if (check) return { changed: true, output: { exit_code: 0, stdout: "", stderr: "" } };
    const run = await demandRunning(known, context);
    const file = await callerFiles(context).locate(asCallerPath(String(input.file)));
    const result = await runScript(
      { machine: withWayIn(known.memory, known.folder), folder: known.folder, run },
      {
        file,
        args: texts(input.args),
        via: input.via as "auto",
        ...(typeof input.user === "string" && { user: input.user }),
        ...(typeof input.input === "string" && { input: input.input }),
        timeoutMs: Number(input.timeout) * 1000,
      },
      context,
    );
    return { changed: true, output: guestAnswer(result) };
  },
};

/** QEMU runs as the same user: it writes the file itself, beside its place. */
export const vmScreenshot: ActionImplementation = {
  run: async (input, { check }, context) => {
    const dest = String(input.dest);
    const known = await knownMachine(input, context);
    if (check) return { changed: true, output: { written_to: dest } };
    await demandRunning(known, context);
    await sweepPartials(dest);
    await using partial = partialBeside(dest, "screen");
    await using qmp = await connectMachine(known.folder, context);
    await qmp.execute("screendump", { filename: partial.path, format: "png" });
    await partial.publish();
    return { changed: true, output: { written_to: dest } };
  },
};
