import { cp, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { UserWithoutNode } from "./user-without-node.ts";

/** Runs `ansible-COMMAND` of the engine in a folder of the user's; what it prints. Throws where it fails. */
export type UsersAnsible = (command: string, args: readonly string[], folder: string) => Promise<string>;

/**
 * Ansible for a user who cannot run what lies below /root: the system's own Python with a copy of the engine's modules. Null
 * where that Python is of another version than they are for.
 */
export async function ansibleFor(user: UserWithoutNode, playbook: string): Promise<UsersAnsible | null> {
  const [environment, copy] = [join(dirname(playbook), "../lib"), join(user.home, "ansible-modules")];
  const [python = ""] = (await readdir(environment)).filter((name) => name.startsWith("python"));
  const own = await user.run("/usr/bin/python3", ["-c", "import sys; print('python%d.%d' % sys.version_info[:2])"]);
  if (own.trim() !== python) return null;
  await cp(join(environment, python, "site-packages"), copy, { recursive: true });
  return (command, args, folder) => {
    const env = { PYTHONPATH: copy, ANSIBLE_COLLECTIONS_PATH: join(folder, "collections"), LC_ALL: "C.UTF-8" };
    const words = ["-c", 'cd "$0" && exec /usr/bin/python3 -m "$@"', folder, `ansible.cli.${command}`, ...args];
    return user.run("sh", words, env);
  };
}
