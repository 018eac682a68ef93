import { checkFresh, loadPlan, lockProject } from "@guestkit/core/project";
import type { Invocation } from "../command/command.ts";
import { execute } from "../project/execute.ts";
import { makePlan, openSession } from "../project/session.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [path] = invocation.positionals;
  if (path !== undefined) return applySaved(invocation, path);
  const session = await openSession(invocation);
  await using _lock = await lockProject(session.file, session.call);
  return await execute(invocation, session, await makePlan(session, false, invocation.flags.has("json")), false);
}

/** A saved plan was looked at already: it is not asked for again, but it must still be true. */
async function applySaved(invocation: Invocation, path: string): Promise<number> {
  const saved = await loadPlan(path);
  const session = await openSession(invocation, saved.file, saved.variables ?? {});
  await using _lock = await lockProject(session.file, session.call);
  const plan = await makePlan(session, saved.destroy, invocation.flags.has("json"));
  checkFresh(saved, plan, path);
  const flags = new Set([...invocation.flags, "auto-approve"]);
  return await execute({ ...invocation, flags }, session, plan, saved.destroy);
}
