import { dirname } from "node:path";
import { lockFile } from "../host/file-lock.ts";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { sweepPartialsIn } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import type { ResourceImplementation } from "./implementation.ts";
import { holdsSecret } from "./tellable.ts";

interface Thing {
  readonly contract: Contract;
  /** The host path that stands for it. */
  readonly place: string;
  readonly id: string;
  /** What it is to be, canonical; null where it is to be removed, left out where it stays. */
  readonly input?: ValueObject | null;
}

/** Takes the lock of a thing, and removes what killed holders left half-written; dispose to release. Throws `E_LOCKED` and what locking a file throws. */
export async function lockThing(
  implementation: ResourceImplementation,
  { contract, place, id, input }: Thing,
  context: Context,
): Promise<AsyncDisposable> {
  if (implementation.place) {
    // A place of guestkit's own, beside which a lock may be the first thing, is the user's alone.
    await makeOwnFolder(dirname(place));
    const lock = await takeLock(place, context, { name: id });
    await sweepPartialsIn(place).catch(() => {});
    return lock;
  }
  const isPrivate = input ? (implementation.isPrivate?.(input) ?? holdsSecret(contract.input, input)) : false;
  return await lockFile(place, context, { name: id, removes: input === null, private: isPrivate });
}
