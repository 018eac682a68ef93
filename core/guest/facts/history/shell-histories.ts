import type { Tree } from "../../../filesystem/tree.ts";
import type { User } from "../../accounts.ts";

/** A file that keeps what a user typed: where it is, never what is in it. */
export interface ShellHistory {
  readonly path: string;
  readonly user: string;
  /** Lines; null for a file of more than 4 MiB. */
  readonly lines: number | null;
}

const FILES = [
  ".ash_history",
  ".bash_history",
  ".history",
  ".ksh_history",
  ".mysql_history",
  ".node_repl_history",
  ".psql_history",
  ".python_history",
  ".rediscli_history",
  ".sh_history",
  ".sqlite_history",
  ".zsh_history",
  ".zhistory",
  ".local/share/fish/fish_history",
];
const LONGEST = 4 << 20;
const NEWLINE = 0x0a;

/** Of every home, once, by the first user that has it; in the order of users. */
export async function readShellHistories(tree: Tree, users: readonly User[]): Promise<readonly ShellHistory[]> {
  const homes = new Map<string, string>();
  for (const { home, name } of users) if (home.startsWith("/") && !homes.has(home)) homes.set(home, name);
  const found: ShellHistory[] = [];
  for (const [home, user] of homes) {
    if ((await tree.stat(home))?.type !== "directory") continue;
    for (const name of FILES) {
      const path = `${home === "/" ? "" : home}/${name}`;
      const stat = await tree.stat(path);
      if (stat?.type !== "file" || stat.size === 0) continue;
      found.push({ path, user, lines: stat.size > LONGEST ? null : await countLines(tree, path) });
    }
  }
  return found;
}

async function countLines(tree: Tree, path: string): Promise<number> {
  const bytes = (await tree.readFile(path, LONGEST)) ?? new Uint8Array();
  let lines = bytes.length > 0 && bytes.at(-1) !== NEWLINE ? 1 : 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
