import type { ActionImplementation, ActionResult } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { bringUp, pauseMachine, resumeMachine } from "../../lifecycle/bring-up.ts";
import { isRunning, look, type Status } from "../../lifecycle/look/look.ts";
import { startMachine } from "../../lifecycle/start.ts";
import { killMachine, type Stopped, stopMachine } from "../../lifecycle/stop.ts";
import { waysOf } from "../../lifecycle/ways.ts";
import { type Timeouts, timeoutsOf } from "../../machine/machine.ts";
import { writeRun } from "../../machine/run.ts";
import type { ValueObject } from "../../model/value.ts";
import { remove } from "../virtual-machine/remove.ts";
import { type Known, knownMachine, withMachine } from "./known.ts";
import { makeDeclared, restoreImages } from "./missing-image.ts";
import { withWarnings } from "./warnings.ts";

type Run = ActionImplementation["run"];
type Act = (known: Known, input: ValueObject, context: Context) => Promise<ValueObject>;

/** What else of a verb's answer can be told beforehand. */
type Foresee = (changed: boolean) => ValueObject;

/** A verb that brings a machine from one state to another; where it is there already, nothing is done. */
const verb = (
  isDone: (status: Status) => boolean,
  becomes: Status,
  act: Act,
  foresee: Foresee = () => ({}),
): ActionImplementation => {
  const run: Run = async (input, { check }, context) => {
    const before = (await look((await knownMachine(input, context)).folder, context)).status;
    const changed = !isDone(before);
    const after = changed ? becomes : before;
    if (check) return result(changed, before, after, { status: after, ...foresee(changed) });
    const output = await withMachine(input, context, (known) => act(known, input, context));
    return result(changed, before, String(output.status), output);
  };
  return { run };
};

const result = (changed: boolean, before: string, after: string, output: ValueObject): ActionResult => ({
  changed,
  before,
  after,
  output,
});

const statusOf = async ({ folder }: Known, context: Context): Promise<ValueObject> => ({
  status: (await look(folder, context)).status,
});

async function bring(known: Known, input: ValueObject, context: Context): Promise<ValueObject> {
  const { folder, memory } = known;
  if (input.wait === false) await startOnly(known, context);
  else await bringUp(memory, folder, context);
  const seen = await look(folder, context);
  const { pid, ssh_command } = waysOf(memory, folder, seen);
  return { status: seen.status, pid, ssh_command };
}

async function startOnly({ folder, memory }: Known, context: Context): Promise<void> {
  const { status } = await look(folder, context);
  if (status === "paused") await resumeMachine(folder, context);
  else if (!(await isRunning(folder)))
    await writeRun(folder, { ...(await startMachine(memory, folder, context)), ready: null });
}

async function bringDown({ folder, memory }: Known, input: ValueObject, context: Context): Promise<Stopped> {
  return stopMachine(folder, timesOf(timeoutsOf(memory.machine), input), context);
}

/** Seconds to wait as a verb was told, else as declared. */
export function timesOf(declared: Timeouts, { timeout, quit_timeout }: ValueObject): Timeouts {
  return {
    ...declared,
    ...(typeof timeout === "number" && { stop: timeout }),
    ...(typeof quit_timeout === "number" && { quit: quit_timeout }),
  };
}

/** Of a machine that would run. */
const unready: Foresee = () => ({ pid: null, ssh_command: null });

const isDown = (status: Status) => status === "stopped" || status === "crashed";

const upKnown = verb(
  (status) => status === "running",
  "running",
  async (known, input, context) => {
    if (!(await isRunning(known.folder))) await restoreImages(known, context, { file: input.file });
    return bring(known, input, context);
  },
  unready,
);

/** A machine that is none yet is made where a project file declares it. */
export const vmUp: ActionImplementation = {
  run: async (input, options, context) => {
    const unknown = await knownMachine(input, context).then(
      () => null,
      (error: unknown) => error,
    );
    if (unknown === null) return await upKnown.run(input, options, context);
    const isNew = asGuestkitError(unknown).code === "E_MACHINE_UNKNOWN" && !options.check;
    if (!isNew || !(await makeDeclared(String(input.name), input.file, context))) throw unknown;
    const done = await upKnown.run(input, options, context);
    return { ...done, changed: true, before: "absent" };
  },
};

export const vmStop = verb(
  isDown,
  "stopped",
  async (known, input, context) => {
    const told = withWarnings(context);
    const how = await bringDown(known, input, told.context);
    return { ...(await statusOf(known, context)), how, warnings: told.warnings };
  },
  (changed) => ({ how: changed ? "shut down" : "not running", warnings: [] }),
);

export const vmRestart = verb(
  () => false,
  "running",
  async (known, input, context) => {
    await restoreImages(known, context, { file: input.file });
    await bringDown(known, input, context);
    return bring(known, input, context);
  },
  unready,
);

/** Not ordered by the lock: it has to end a machine that another command is waiting for. */
export const vmKill: ActionImplementation = {
  run: async (input, { check }, context) => {
    const known = await knownMachine(input, context);
    const { status } = await look(known.folder, context);
    const changed = !isDown(status);
    if (check)
      return result(changed, status, "stopped", { status: "stopped", how: changed ? "killed" : "not running" });
    const how = await killMachine(known.folder);
    return result(changed, status, "stopped", { ...(await statusOf(known, context)), how });
  },
};

/** Throws `E_MACHINE_STOPPED` where QEMU does not run, or its guest has panicked. */
async function demandThere({ folder, memory }: Known, deed: string, context: Context): Promise<void> {
  const { status } = await look(folder, context);
  if (status === "running" || status === "paused") return;
  const { name } = memory.machine;
  throw new GuestkitError("E_MACHINE_STOPPED", `Cannot ${deed} "${name}": it is ${status}`, {
    help: `guestkit vm ${status === "panicked" ? "kill" : "up"} ${name}`,
  });
}

export const vmSuspend = verb(
  (status) => status === "paused",
  "paused",
  async (known, _input, context) => {
    await demandThere(known, "freeze", context);
    await pauseMachine(known.folder, context);
    return await statusOf(known, context);
  },
);

export const vmResume = verb(
  (status) => status === "running",
  "running",
  async (known, _input, context) => {
    await demandThere(known, "let go on", context);
    await resumeMachine(known.folder, context);
    return await statusOf(known, context);
  },
);

export const vmDestroy: ActionImplementation = {
  run: async (input, { check }, context) => {
    const { name } = (await knownMachine(input, context)).memory.machine;
    const free = async ({ folder }: Known) => {
      if (input.force !== true && (await isRunning(folder))) throw stillRuns(name);
    };
    if (check) await free(await knownMachine(input, context));
    else await withMachine(input, context, async (known) => free(known).then(() => remove(name, context)));
    return result(true, "there", "removed", { removed: true });
  },
};

const stillRuns = (name: string): GuestkitError =>
  new GuestkitError("E_MACHINE_RUNS", `Cannot destroy "${name}": it runs`, {
    help: `Stop it first (guestkit vm stop ${name}), or force it: guestkit vm destroy --force ${name}`,
  });
