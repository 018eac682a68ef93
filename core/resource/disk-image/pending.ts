import { finishRedo } from "../../build/redo.ts";
import type { Context } from "../../kit/context.ts";
import type { GuestkitError } from "../../kit/errors.ts";
import type { ValueObject } from "../../model/value.ts";
import { tellRedo } from "../../redo/fault.ts";
import { mayHaveRedo, redoPath } from "../../redo/place.ts";
import { redoState } from "../../redo/state.ts";

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
  const state = await redoState(id, context.signal);
  if (state.kind !== "binding") return null;
  await using redo = state.redo;
  const { old_size, new_size } = redo.announced;
  const path = new_size > old_size ? "size" : "files";
  return { size: new_size, drift: { path, why: "a change was cut off and is to be finished", action: "update" } };
}

/** Why a redo log forbids to change the image in place; null where nothing does. */
export async function redoRefusal(id: string): Promise<GuestkitError | null> {
  if (!(await mayHaveRedo(id))) return null;
  const state = await redoState(id, new AbortController().signal);
  if (state.kind === "binding") await state.redo[Symbol.asyncDispose]();
  return state.kind === "refused" ? state.error : null;
}

/**
 * The redo log that is to go once its image is gone or another one; null without one. What others may have laid there is
 * told and stays. With `finish` one that binds is finished first, so that a kill leaves a whole image behind.
 */
export async function spentRedo(id: string, context: Context, finish = false): Promise<string | null> {
  if (!(await mayHaveRedo(id))) return null;
  const state = await redoState(id, context.signal);
  if (state.kind === "binding") await state.redo[Symbol.asyncDispose]();
  if (state.kind === "binding" && finish) await finishRedo(id, context);
  if (state.kind !== "refused" || !state.noise) return redoPath(id);
  tellRedo(state.error, context);
  return null;
}
