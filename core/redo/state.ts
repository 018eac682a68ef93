import { type FileHandle, lstat, stat } from "node:fs/promises";
import { openPlainFile } from "../host/plain-file.ts";
import { distrust } from "../host/trust.ts";
import { GuestkitError } from "../kit/errors.ts";
import { readAnnouncement } from "./announcement.ts";
import { dropOrOwn, refusal } from "./fault.ts";
import { type BindingRedo, judge } from "./judge.ts";
import { redoPath } from "./place.ts";

/**
 * What lies under the name of an image's redo log: nothing; a log that binds; or one that does not count, `noise` where
 * nothing tells that it was ever one of ours.
 */
export type RedoState =
  | { readonly kind: "none" }
  | { readonly kind: "binding"; readonly redo: BindingRedo }
  | { readonly kind: "refused"; readonly error: GuestkitError; readonly noise: boolean };

/** Faults of what anybody may have laid there. */
const NOISE: readonly string[] = ["E_REDO_FOREIGN", "E_REDO_KIND"];

/**
 * Judges what lies there by the image's record, by whose it is, and by every byte that it covers. Writes nothing.
 * A log that binds is handed on open: close it.
 */
export async function redoState(target: string, signal: AbortSignal): Promise<RedoState> {
  let file: FileHandle | null = null;
  try {
    file = await openRedo(target);
    return file ? { kind: "binding", redo: await judge(target, file, signal) } : { kind: "none" };
  } catch (error) {
    // It may have been finished and removed by somebody else, while it was looked at.
    const isGone = file !== null && (await file.stat()).nlink === 0;
    await file?.close();
    if (isGone) return { kind: "none" };
    if (!(error instanceof GuestkitError)) throw error;
    return { kind: "refused", error, noise: NOISE.includes(error.code) && !(await readAnnouncement(target)) };
  }
}

async function openRedo(target: string): Promise<FileHandle | null> {
  const path = redoPath(target);
  try {
    return await openPlainFile(path);
  } catch (cause) {
    const found = await lstat(path).catch(() => null);
    if (!found) return null;
    if (!found.isFile()) throw refusal(target, "KIND", "is no regular file", dropOrOwn(target), cause);
    const why = distrust(found, (await stat(target)).uid);
    if (why !== null) throw refusal(target, "FOREIGN", `is not to be believed: ${why}`, dropOrOwn(target), cause);
    const help = `Run as its owner (user ${found.uid}) or as root: until then the image may be half changed.`;
    throw refusal(target, "UNREADABLE", `cannot be read (${(cause as Error).message})`, help, cause);
  }
}
