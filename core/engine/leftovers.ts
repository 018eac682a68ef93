import { clearKilledBeside, lockFile } from "../host/file-lock.ts";
import { sweepLock, takeLock } from "../host/lock.ts";
import { stalePartialsIn, sweepPartialsIn } from "../host/partial.ts";
import { type Held, placeOf } from "./held.ts";
import { readRecord, removeRecord } from "./record.ts";

/**
 * Ends the removal of a thing that is gone: where one was killed, or could not go on, its lock or the record is still
 * there. The record is the last thing that goes, since what has none is not ours to remove.
 */
export async function clearGone(held: Held): Promise<void> {
  const { id, implementation, context } = held;
  await clearKilled(held);
  // A thing with a place of its own keeps its record there.
  if (placeOf(held) !== id || (await readRecord(id).catch(() => null)) === null) return;
  await using _lock = await lockFile(id, context);
  if (await implementation.observe(id, context)) return;
  await removeRecord(id);
}

/** Removes what a killed run left of a thing that nothing is done to by now, so that nothing else would come across it. */
export async function clearKilled(held: Held): Promise<void> {
  const { id, context } = held;
  const place = placeOf(held);
  await sweepLock(place);
  if (place === id) return await clearKilledBeside(id, context);
  if ((await stalePartialsIn(place)).length === 0) return;
  await using _lock = await takeLock(place, context);
  await sweepPartialsIn(place);
}
