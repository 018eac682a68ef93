/**
 * What a caller on another machine brought along for a machine and is needed at every start: scripts of its steps, the key to
 * log in with. It lies in the machine's folder and goes with it; of a caller on this host nothing is copied.
 */
import { hash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readCallerFile } from "../host/caller-files.ts";
import { mayBeThere } from "../host/look.ts";
import { writeWhole } from "../host/whole-file.ts";
import { asCallerPath, type CallerPath, isElsewhere } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "./folder.ts";
import type { Machine } from "./machine.ts";

/** Most bytes of a key or a script. */
const MOST = 64 << 20;

type Folder = Pick<MachineFolder, "path">;

const folderOf = ({ path }: Folder): string => join(path, "brought");

const nameOf = (path: CallerPath): string => hash("sha256", String(path)).slice(0, 32);

/** Where this host has it. */
export function broughtPlace(path: CallerPath, folder: Folder): CallerPath {
  return isElsewhere(path) ? asCallerPath(join(folderOf(folder), nameOf(path))) : path;
}

/** The machine by what its folder has. */
export function withBrought(machine: Machine, folder: Folder): Machine {
  const { ssh, provision } = machine;
  const placed = <T extends CallerPath | null>(path: T) => path && broughtPlace(path, folder);
  return {
    ...machine,
    ssh: ssh && { ...ssh, private_key: placed(ssh.private_key) },
    provision: provision.map((step) => ({ ...step, file: placed(step.file) })),
  };
}

const namedBy = ({ ssh, provision }: Machine): readonly CallerPath[] =>
  [ssh?.private_key ?? null, ...provision.map(({ file }) => file)].filter((each) => each !== null);

/**
 * Brings what a machine needs, and lets go of what it needs no more. What another caller brought stays as it is. Throws what
 * reading it throws.
 */
export async function bringAlong(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  const wanted = [...new Set(namedBy(machine).filter(isElsewhere))];
  for (const path of wanted) await bring(path, folder, context);
  const kept = new Set(wanted.map(nameOf));
  const there = await readdir(folderOf(folder)).catch(() => []);
  for (const name of there) if (!kept.has(name)) await rm(join(folderOf(folder), name), { force: true });
}

async function bring(path: CallerPath, folder: MachineFolder, context: Context): Promise<void> {
  const place = join(folderOf(folder), nameOf(path));
  try {
    await writeWhole(place, await readCallerFile(path, context, MOST));
  } catch (error) {
    const isOthers = error instanceof GuestkitError && error.code === "E_FILE_ELSEWHERE";
    if (!isOthers || !mayBeThere(place)) throw error;
  }
}
