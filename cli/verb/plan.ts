import { documentOf, hasChanges, savePlan } from "@guestkit/core/project";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { tellFailures } from "../project/execute.ts";
import { describePlan } from "../project/plan-text.ts";
import { makePlan, openSession } from "../project/session.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { flags, values } = invocation;
  const json = flags.has("json");
  const destroy = flags.has("destroy");
  const session = await openSession(invocation);
  const plan = await makePlan(session, destroy, json);
  if (values.out !== undefined) await savePlan(values.out, session.project, plan, destroy);
  if (json) writeJson(documentOf(plan));
  else writeOut(describePlan(plan));
  tellFailures(plan.failures, json);
  if (plan.failures.size > 0) return EXIT.failed;
  return flags.has("detailed-exitcode") && hasChanges(plan) ? EXIT.changes : EXIT.done;
}
