import { lockProject } from "@guestkit/core/project";
import type { Invocation } from "../command/command.ts";
import { execute } from "../project/execute.ts";
import { makePlan, openSession } from "../project/session.ts";

export async function run(invocation: Invocation): Promise<number> {
  const session = await openSession(invocation);
  await using _lock = await lockProject(session.file, session.call);
  return await execute(invocation, session, await makePlan(session, true, invocation.flags.has("json")), true);
}
