import type { Command } from "../command.ts";

/** A word that may follow others. */
interface Next {
  readonly word: string;
  readonly summary: string;
}

/** What may follow which words: "" -> ls, vm; "vm" -> stop, snapshot; "vm snapshot" -> take. */
export function nextWords(commands: readonly Command[]): ReadonlyMap<string, readonly Next[]> {
  const tree = new Map<string, Next[]>();
  for (const { name, summary } of commands) {
    const words = name.split(" ");
    for (const [at, word] of words.entries()) {
      const before = words.slice(0, at).join(" ");
      const known = tree.get(before) ?? [];
      if (known.some((each) => each.word === word)) continue;
      const last = at === words.length - 1;
      tree.set(before, [...known, { word, summary: last ? summary : `${words.slice(0, at + 1).join(" ")} VERB` }]);
    }
  }
  return tree;
}

/** Where machines are, for a POSIX shell. */
export const MACHINES = '"${GUESTKIT_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/guestkit}/machines"';
