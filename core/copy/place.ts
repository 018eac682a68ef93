import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
} from "node:fs";
import { type Binary, fromBinary } from "../archive/index.ts";
import { ownOwner } from "../host/owner.ts";
import { isStale } from "../host/partial.ts";
import { atPlace, GuestkitError, systemError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";

/** A path on the host as raw bytes: names of a guest need not be text. */
export type HostPath = Buffer;

export function below(folder: HostPath, name: Binary): HostPath {
  return Buffer.concat([folder, SLASH, fromBinary(name)]);
}

const SLASH = Buffer.from("/");

/** Without following a link; null where there is nothing. */
export function look(path: HostPath): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

/** For messages. */
export function show(path: HostPath): string {
  return printable(path.toString("utf8"));
}

/** Makes `path` a folder unless it is one. A link is none: what it points at is not ours. Gives whether it was made. */
export function ensureFolder(path: HostPath, check: boolean): boolean {
  const found = look(path);
  if (found?.isDirectory()) {
    if (!check) sweepCopies(below(path, ""));
    return false;
  }
  if (found) throw inTheWay(path, "folder");
  if (!check) mkdirSync(path, 0o700);
  return true;
}

/** What stands at `path` must be replaceable by a file or a link. */
export function checkReplaceable(path: HostPath, found: Stats | null, overwrite: boolean): void {
  if (!found) return;
  if (found.isDirectory()) throw inTheWay(path, "file");
  if (overwrite) return;
  throw new GuestkitError("E_COPY_EXISTS", `Cannot write "${show(path)}": it is there and differs`, {
    at: { file: show(path) },
    help: "Allow it to be replaced (overwrite), or choose another destination.",
  });
}

function inTheWay(path: HostPath, wanted: string): GuestkitError {
  return new GuestkitError("E_COPY_TYPE", `Cannot write "${show(path)}": something that is no ${wanted} stands there`, {
    at: { file: show(path) },
    help: `Remove it, or choose another destination.`,
  });
}

const PARTIAL = ".copy.guestkit-partial-";

function folderOf(path: HostPath): HostPath {
  const end = path.lastIndexOf(0x2f);
  return end < 0 ? Buffer.from(".") : path.subarray(0, end + 1);
}

/** Its name in its folder outlives a loss of power from now on. */
export function syncFolderOf(path: HostPath): void {
  const fd = openSync(folderOf(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Removes what copies that were killed left in the folder of `path`. What cannot be removed hinders nothing. */
export function sweepCopies(path: HostPath): void {
  const folder = folderOf(path);
  try {
    const stale = readdirSync(folder).filter((name) => name.startsWith(PARTIAL) && isStale(name.slice(PARTIAL.length)));
    for (const name of stale) rmSync(below(folder, name), { force: true });
  } catch (error) {
    if (!systemError(error)) throw error;
  }
}

/** Has `make` write a new thing beside `path` and gives it that name; nothing is left where it fails. */
export async function replaceWhole(path: HostPath, make: (partial: HostPath) => Promise<void> | void): Promise<void> {
  const { pid, tag } = ownOwner();
  const name = `${PARTIAL}${pid}-${tag}${randomBytes(4).toString("hex")}-copy`;
  const partial = below(folderOf(path), name);
  try {
    const work = async () => {
      await make(partial);
      renameSync(partial, path);
    };
    await atPlace(show(path), work, partial.toString("utf8"));
  } finally {
    rmSync(partial, { force: true });
  }
}
