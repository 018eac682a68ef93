import { type Diagnostic, warning } from "../../engine/diagnostic.ts";
import type { Context } from "../../kit/context.ts";
import type { GuestkitError } from "../../kit/errors.ts";
import type { ValueObject } from "../../model/value.ts";
import { mayHaveRedo, redoPath } from "../../redo/place.ts";
import type { RedoState } from "../../redo/state.ts";

/** A change that was cut off after it was announced: the image as it will be. */
export interface PendingChange {
  /** Virtual size, bytes. */
  readonly size: number;
  /** An apply finishes it, also where nothing else is to be done. */
  readonly drift: ValueObject;
}

/** Null where none is under way: a redo log that does not count changes nothing. */
export async function pendingChange(id: string, context: Context): Promise<PendingChange | null> {
  if (!(await mayHaveRedo(id))) return null;
  const state = await stateOf(id, context.signal);
  if (state.kind !== "binding") return null;
  await using redo = state.redo;
  const { old_size, new_size } = redo.announced;
  const path = new_size > old_size ? "size" : "files";
  return { size: new_size, drift: { path, why: "a change was cut off and is to be finished", action: "update" } };
}

/** Why a redo log forbids to change the image in place; null where nothing does. */
export async function redoRefusal(id: string): Promise<GuestkitError | null> {
  if (!(await mayHaveRedo(id))) return null;
  const state = await stateOf(id, new AbortController().signal);
  if (state.kind === "binding") await state.redo[Symbol.asyncDispose]();
  return state.kind === "refused" ? state.error : null;
}

/** Nothing is to be changed: what does not count lies there and is told. */
export async function toldOfRedo(id: string): Promise<readonly Diagnostic[]> {
  const redo = await redoRefusal(id);
  return redo ? [warning(redo.code, [], redo.message, redo.help)] : [];
}

/**
 * The redo log that is to go once its image is gone or another one; null without one. What others may have laid there is
 * told and stays. With `finish` one that binds is finished first, so that a kill leaves a whole image behind.
 */
export async function spentRedo(id: string, context: Context, finish = false): Promise<string | null> {
  if (!(await mayHaveRedo(id))) return null;
  const state = await stateOf(id, context.signal);
  if (state.kind === "binding") await state.redo[Symbol.asyncDispose]();
  if (state.kind === "binding" && finish) await (await import("../../build/redo.ts")).finishRedo(id, context);
  if (state.kind !== "refused" || !state.noise) return redoPath(id);
  const { tellRedo } = await import("../../redo/fault.ts");
  tellRedo(state.error, context);
  return null;
}

/** Of an image that has such a log: most have none. */
async function stateOf(id: string, signal: AbortSignal): Promise<RedoState> {
  const { redoState } = await import("../../redo/state.ts");
  return await redoState(id, signal);
}
