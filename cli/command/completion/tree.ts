import type { Command } from "../command.ts";

/** Verbs of one word, and groups with the verbs in them, as shells complete them. */
export interface Tree {
  readonly single: readonly Command[];
  readonly groups: ReadonlyMap<string, readonly Command[]>;
}

export function treeOf(commands: readonly Command[]): Tree {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const [group, verb] = command.name.split(" ");
    if (group === undefined || verb === undefined) continue;
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return { single: commands.filter((each) => !each.name.includes(" ")), groups };
}

/** `vm stop` -> `stop`. */
export function verbOf({ name }: Pick<Command, "name">): string {
  return name.split(" ").at(-1) ?? name;
}

/** Where machines are, for a POSIX shell. */
export const MACHINES = '"${GUESTKIT_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/guestkit}/machines"';
