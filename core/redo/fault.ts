import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { redoPath } from "./place.ts";

/** Why a redo log does not count, `E_REDO_<what>`, with what can be done about it. */
export function refusal(target: string, what: string, why: string, help: string, cause?: unknown): GuestkitError {
  const path = redoPath(target);
  const message = `Cannot finish the change of "${target}": the redo log "${path}" beside it ${why}`;
  return new GuestkitError(`E_REDO_${what}`, message, { at: { file: path }, help, cause });
}

/** Both ways on, for a log that is known to be a plain overlay of this image. */
export function bothWays(target: string): string {
  const path = redoPath(target);
  return (
    `To lay the log over the image, and over what was written to it since: qemu-img commit "${path}" && rm "${path}". ` +
    `To keep the image as it is: rm "${path}".`
  );
}

/** The way on for one that nobody should lay over the image. */
export function dropOnly(target: string): string {
  const path = redoPath(target);
  return `To keep the image as it is: rm "${path}". Nothing tells what it is: look at it before you lay it over anything.`;
}

/** The ways on for one that somebody else may have made. */
export function dropOrOwn(target: string): string {
  const path = redoPath(target);
  return `To keep the image as it is, remove it: rm -r "${path}". Where it is your own: chown "$USER" "${path}" && chmod go-w "${path}", run again.`;
}

/** Tells of a log that does not count, and stops nothing. */
export function tellRedo({ message, help }: GuestkitError, { progress }: Context): void {
  progress({ phase: "warning", warning: true, detail: `${message}. ${help ?? ""}`.trim() });
}
