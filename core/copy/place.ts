import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, renameSync, rmSync, type Stats } from "node:fs";
import { type Binary, fromBinary } from "../archive/index.ts";
import { atPlace, GuestkitError } from "../kit/errors.ts";
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
  if (found?.isDirectory()) return false;
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

/** Has `make` write a new thing beside `path` and gives it that name; nothing is left where it fails. */
export async function replaceWhole(path: HostPath, make: (partial: HostPath) => Promise<void> | void): Promise<void> {
  const end = path.lastIndexOf(0x2f);
  const folder = end < 0 ? Buffer.from(".") : path.subarray(0, end);
  const partial = below(folder, `.guestkit-partial-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    await atPlace(show(path), async () => {
      await make(partial);
      renameSync(partial, path);
    });
  } finally {
    rmSync(partial, { force: true });
  }
}
