import { applyProject, applyRemovals, documentOf, hasChanges, type ProjectPlan, shown } from "@guestkit/core/project";
import { agrees, onTerminal } from "../command/ask.ts";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { printError } from "../output/error.ts";
import { progressDisplay } from "../output/progress.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { describePlan } from "./plan-text.ts";
import type { Session } from "./session.ts";
import { describeOutputs } from "./show.ts";

const DONE = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "destroyed",
  none: "unchanged",
} as const;

/** Shows a plan, asks, carries it out and shows the outputs. Gives the exit code. */
export async function execute(
  invocation: Invocation,
  session: Session,
  plan: ProjectPlan,
  destroy: boolean,
): Promise<number> {
  const json = invocation.flags.has("json");
  if (!json) writeOut(describePlan(plan));
  if (hasChanges(plan) && !(await approved(invocation))) {
    process.stderr.write("Nothing was changed.\n");
    return EXIT.failed;
  }
  const { outputs, failures } = await carryOut(session, plan, destroy, json);
  if (json) writeJson({ ...(documentOf(plan) as object), outputs: shown(outputs) });
  tellFailures(failures, json);
  if (failures.size > 0) return session.call.signal?.aborted ? EXIT.interrupted : EXIT.failed;
  if (!json && Object.keys(outputs).length > 0) writeOut(`Outputs:\n${describeOutputs(outputs)}`);
  return EXIT.done;
}

/** One that several addresses have, as a host that does not answer, is told once. */
export function tellFailures(failures: ProjectPlan["failures"], json: boolean): void {
  for (const [error, all] of Map.groupBy(failures, ([, error]) => error)) {
    printError(error, json, json ? "" : `${all.map(([address]) => address).join(", ")}: `);
  }
}

async function carryOut(session: Session, plan: ProjectPlan, destroy: boolean, json: boolean) {
  using display = progressDisplay();
  const onDone: Session["call"]["onDone"] = ({ address, action }) => {
    display.clear();
    if (!json) process.stderr.write(`${address}: ${DONE[action]}\n`);
  };
  const call = { ...session.call, progressFor: display.showFor, onDone };
  if (!destroy) return applyProject(session.project, plan, call);
  return { outputs: {}, failures: await applyRemovals(plan, call, session.project.entries) };
}

async function approved({ flags, command, signal }: Invocation): Promise<boolean> {
  if (flags.has("auto-approve")) return true;
  if (!onTerminal()) {
    throw usage(command, "there is no terminal to ask on: give --auto-approve, or apply a plan made with plan --out");
  }
  return await agrees(signal);
}
