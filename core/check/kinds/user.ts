import type { Tree } from "../../filesystem/tree.ts";
import type { User } from "../../guest/accounts.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { UserRule } from "../rule.ts";

/** Why a rule about a user does not hold; empty where it does. */
export async function checkUser(rule: UserRule, facts: Facts): Promise<readonly string[]> {
  const { name, state, uid, shell, groups } = rule;
  const user = (await facts.users()).find((each) => each.name === name);
  if (!user) return state === "present" ? [`there is no user ${name}`] : [];
  if (state === "absent") return [`there is a user ${name}`];
  const missing = (groups ?? []).filter((each) => !user.groups.includes(each));
  return [
    ...(uid !== null && user.uid !== uid ? [`${name} has the number ${user.uid}`] : []),
    ...(shell !== null && user.shell !== shell ? [`${name} has the shell ${user.shell || "(none)"}`] : []),
    ...missing.map((each) => `${name} is not in the group ${each}`),
    ...(await lock(rule, user, facts.tree)),
  ];
}

async function lock({ locked }: UserRule, { name }: User, tree: Tree): Promise<readonly string[]> {
  if (locked === null || locked === (await isLocked(tree, name))) return [];
  return [locked ? `a password lets in as ${name}` : `no password lets in as ${name}`];
}

/**
 * Whether no password lets in: shadow(5) has one that nothing can be, and where passwd(5) has its own, that one. Throws
 * `E_CHECK_SHADOW` where neither says.
 */
async function isLocked(tree: Tree, user: string): Promise<boolean> {
  const own = await fieldOf(tree, "/etc/passwd", user);
  const password = own === "x" ? await fieldOf(tree, "/etc/shadow", user) : own;
  if (password !== null) return /^[!*]/.test(password);
  throw new GuestkitError(
    "E_CHECK_SHADOW",
    `Cannot tell whether ${user} is locked: /etc/shadow does not name this user`,
    {
      at: { file: "/etc/shadow" },
      help: "Look what it says: guestkit cat IMAGE /etc/shadow",
    },
  );
}

async function fieldOf(tree: Tree, path: string, user: string): Promise<string | null> {
  for (const line of ((await tree.readText(path)) ?? "").split("\n")) {
    const [name, password] = line.split(":", 2);
    if (name === user && password !== undefined) return password;
  }
  return null;
}
