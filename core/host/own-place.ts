import { constants, lstatSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import { distrust } from "./trust.ts";

const STICKY = 0o1000;
const { S_IFMT, S_IFLNK } = constants;

/**
 * Demands that nobody but this user and root can put another file, folder or link in a path's place: not at it, and not
 * at anything above it, links followed. A folder below /tmp may have been laid there by somebody else, who could swap
 * whatever we make in it later on. Throws `E_FOLDER_FOREIGN`.
 */
export async function demandOwnPlace(path: string, help = RUNTIME): Promise<void> {
  const own = process.getuid?.();
  if (own === undefined) return;
  for (const each of new Set([...chainOf(path), ...chainOf(await realpath(path))])) demandOwn(each, own, help);
}

const RUNTIME = "Name a runtime folder that is yours alone: set XDG_RUNTIME_DIR or GUESTKIT_RUNTIME_DIR.";

function chainOf(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...chainOf(above)];
}

function demandOwn(path: string, own: number, help: string): void {
  const { uid, gid, mode } = lstatSync(path);
  // In a sticky folder each one's files are safe from the others. The mode of a link is of no account.
  const isSafe = (mode & STICKY) !== 0 || (mode & S_IFMT) === S_IFLNK;
  const why = distrust({ uid, gid, mode: isSafe ? 0 : mode }, own);
  if (why !== null) throw foreign(path, why, help);
}

function foreign(path: string, why: string, help: string): GuestkitError {
  return new GuestkitError("E_FOLDER_FOREIGN", `Cannot use the folder "${path}": ${why}`, {
    at: { file: path },
    help,
  });
}
