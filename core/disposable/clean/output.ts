import { access, constants, open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { partialBeside, publishNew, sweepPartials } from "../../host/partial.ts";
import { writeAll } from "../../host/write-file.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";
import type { Write } from "./pdf.ts";

export interface Place {
  /** The file that was given. */
  readonly original: string;
  /** Where the clean one goes. */
  readonly target: string;
  readonly overwrite: boolean;
}

/** `photo.cleaned.jpg` beside `photo.jpg`. */
export function besideOriginal(path: string): string {
  const name = basename(path);
  const extension = extensionOf(name);
  return join(dirname(path), `${name.slice(0, name.length - extension.length)}.cleaned${extension}`);
}

/** With its dot; `.tar.gz` as one; empty where there is none. */
export function extensionOf(name: string): string {
  return /(?<=.)(?:\.tar)?\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
}

/**
 * Refuses a place that is taken or cannot be, before anything is started. Throws `E_CLEAN_EXISTS`, `E_CLEAN_ORIGINAL`,
 * `E_CLEAN_FOLDER`.
 */
export async function demandFree({ original, target, overwrite }: Place): Promise<void> {
  const folder = dirname(target);
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new GuestkitError("E_CLEAN_FOLDER", `Cannot write "${target}": ${reasonOf(cause)}`, {
      at: { file: folder },
      help: "Name an --output in a folder that you can write to.",
      cause,
    });
  });
  const there = await stat(target).catch(() => null);
  if (there === null) return;
  const own = await stat(original);
  if (there.dev === own.dev && there.ino === own.ino) {
    throw new GuestkitError("E_CLEAN_ORIGINAL", `Cannot write "${target}": it is the original, which stays as it is`, {
      at: { file: target },
      help: "Name another file as output.",
    });
  }
  if (overwrite && there.isFile()) return;
  throw taken(
    target,
    there.isFile() ? "Replace it with --overwrite, or name another --output." : "Name another --output.",
  );
}

const taken = (target: string, help: string) =>
  new GuestkitError("E_CLEAN_EXISTS", `Cannot write "${target}": it is there already`, { at: { file: target }, help });

/** Writes the clean file beside its place and renames it; it is as closed to others as the original. */
export async function writeClean(place: Place, fill: (write: Write) => Promise<void>): Promise<void> {
  await sweepPartials(place.target);
  await using partial = partialBeside(place.target, "cleaned");
  const handle = await open(partial.path, "wx", 0o600);
  try {
    await fill((bytes) => writeAll(handle, place.target, bytes));
    await handle.chmod((await stat(place.original)).mode & 0o666);
  } finally {
    await handle.close();
  }
  await demandFree(place);
  if (place.overwrite) return await partial.publish();
  await publishNew(partial, place.target).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "EEXIST"
      ? taken(place.target, "Replace it with --overwrite, or name another --output.")
      : cause;
  });
}
