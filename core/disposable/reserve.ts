import { randomBytes } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import { basename } from "node:path";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type MachineFolder, machineFolder, machinesFolder } from "../machine/folder.ts";
import { type DisposableMark, writeMark } from "../machine/mark.ts";

/** The contract's own rule for names of machines. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

/** A name that nobody has: what it is made of, and a few random digits. */
export function freeName(base: string): string {
  const stem = basename(base).replace(/\..*$/, "");
  const plain = stem.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[_-]+/, "");
  return `${plain.slice(0, 32) || "base"}-disp-${randomBytes(4).toString("hex")}`;
}

/**
 * Takes a name: the folder comes into being with its mark, so that whoever finds it knows whose it is. Throws `E_NAME`,
 * `E_MACHINE_EXISTS`.
 */
export async function reserve(name: string, mark: DisposableMark, context: Context): Promise<MachineFolder> {
  if (!NAME.test(name)) throw notAName(name);
  const folder = machineFolder(name, context.settings);
  await makeOwnFolder(machinesFolder(context.settings));
  // An empty folder may be another command's first step.
  await using _lock = await takeLock(folder.path, context, { name });
  await using partial = partialBeside(folder.path, "disposable");
  await mkdir(partial.path, { mode: 0o700 });
  await writeMark(partial.path, mark);
  // A folder that is there and not empty is not replaced.
  await rename(partial.path, folder.path).catch((error: NodeJS.ErrnoException) => {
    throw ["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(error.code ?? "") ? exists(name) : error;
  });
  return folder;
}

const notAName = (name: string) =>
  new GuestkitError("E_NAME", `Cannot call a disposable "${name}"`, {
    at: { field: ["name"] },
    help: "Use up to 63 letters, digits, - and _, a letter or digit first and last.",
  });

const exists = (name: string) =>
  new GuestkitError("E_MACHINE_EXISTS", `Cannot make the disposable "${name}": there is a machine of that name`, {
    at: { field: ["name"] },
    help: "Choose another name, or leave it out.",
  });
