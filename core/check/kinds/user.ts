import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { UserRule } from "../rule.ts";

/** Why a rule about a user does not hold; empty where it does. */
export async function checkUser(rule: UserRule, facts: Facts): Promise<readonly string[]> {
  const { name, state, uid, shell, groups } = rule;
  const user = (await facts.users()).find((each) => each.name === name);
  if (!user && (await facts.passwords()) === null) throw unknown(name);
  if (!user) return state === "present" ? [`there is no user ${name}`] : [];
  if (state === "absent") return [`there is a user ${name}`];
  const missing = (groups ?? []).filter((each) => !user.groups.includes(each));
  return [
    ...(uid !== null && user.uid !== uid ? [`${name} has the number ${user.uid}`] : []),
    ...(shell !== null && user.shell !== shell ? [`${name} has the shell ${user.shell || "(none)"}`] : []),
    ...missing.map((each) => `${name} is not in the group ${each}`),
    ...(await lock(rule, facts)),
  ];
}

function unknown(name: string): GuestkitError {
  return new GuestkitError("E_CHECK_USERS", `Cannot tell whether there is a user ${name}: there is no /etc/passwd`, {
    help: "It may be made at the first start, or stand elsewhere: check the file that says so, with path.",
  });
}

/** Of whom nothing is known counts as open. */
async function lock({ name, locked }: UserRule, facts: Facts): Promise<readonly string[]> {
  if (locked === null) return [];
  const state = (await facts.passwords())?.find((each) => each.name === name)?.state;
  const isLocked = state === "locked" || state === "never";
  if (locked === isLocked) return [];
  if (!locked) return [`no password lets in as ${name}`];
  return [state === "none" ? `${name} needs no password` : `a password lets in as ${name}`];
}
