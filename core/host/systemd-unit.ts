import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import { makeFolder } from "./folder.ts";
import { partialBeside } from "./partial.ts";
import { whereIs } from "./program/process.ts";
import { writeFile } from "./write-file.ts";

/** Where this user's systemd looks for a unit (systemd.unit(5)). */
export function unitFile(unit: string): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "systemd/user", unit);
}

/** The link by which a target wants a unit, as `systemctl enable` makes it. */
export function wantFile(target: string, unit: string): string {
  return unitFile(join(`${target}.wants`, unit));
}

/** Writes a unit unless it says the same already. */
export async function writeUnit(unit: string, text: string): Promise<void> {
  const path = unitFile(unit);
  if ((await readUnit(unit)) === text) return;
  await makeFolder(dirname(path));
  await using partial = partialBeside(path, "unit");
  await writeFile(partial.path, text);
  await partial.publish();
}

/** What a unit says; null where there is none. */
export async function readUnit(unit: string): Promise<string | null> {
  return readFile(unitFile(unit), "utf8").catch(() => null);
}

export async function wantUnit(target: string, unit: string): Promise<void> {
  const want = wantFile(target, unit);
  await mkdir(dirname(want), { recursive: true });
  await rm(want, { force: true });
  await symlink(unitFile(unit), want);
}

/** Text within quotes: % starts a specifier, and quotes and backslashes are escaped (systemd.syntax(7)). */
export function quotedInUnit(text: string): string {
  return text.replace(/%/g, "%%").replace(/[\\"]/g, "\\$&");
}

/** The command that a unit starts. Throws `E_AUTOSTART_COMMAND`; `doing` says what could not be done. */
export function guestkitCommand(doing: string, field?: string): string {
  const found = whereIs("guestkit");
  if (found) return found;
  throw new GuestkitError("E_AUTOSTART_COMMAND", `Cannot ${doing}: there is no "guestkit" on PATH`, {
    ...(field !== undefined && { at: { field: [field] } }),
    help: "Install the command line (npm install --global @guestkit/cli), then run again.",
  });
}
