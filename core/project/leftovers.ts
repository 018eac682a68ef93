import { lstat } from "node:fs/promises";
import { readRecord, removeRecord } from "../engine/record.ts";
import { clearKilledBeside, lockFile } from "../host/file-lock.ts";
import { sweepLock, takeLock } from "../host/lock.ts";
import { nextPath, stalePartialsIn, sweepPartialsIn } from "../host/partial.ts";
import { contractOf } from "../model/registry.ts";
import type { ProjectCall } from "./plan.ts";
import { contractNameOf, type Owned } from "./state.ts";

const contractFor = ({ address }: Owned) => contractOf(contractNameOf(address), "resource");

/**
 * Ends the removal of a thing that is gone: where one was killed, or could not go on, the record is still there. It is
 * the last thing that goes, since what has none is not ours to remove.
 */
export async function clearGone(thing: Owned, { engine, signal }: ProjectCall): Promise<void> {
  const { id } = thing;
  const contract = contractFor(thing);
  // A thing with a place of its own keeps its record there.
  if ((await engine.place(contract, id)) !== id) return;
  const isLeft = (await readRecord(id).catch(() => null)) !== null || (await isThere(nextPath(id)));
  if (!isLeft) return;
  await using _lock = await lockFile(id, lockContext(signal));
  if (await engine.observe(contract, { id }, { signal })) return;
  await removeRecord(id);
}

/** Removes what a killed run left of a thing that is as declared by now, so that nothing else would come across it. */
export async function clearKilled(thing: Owned, { engine, signal }: ProjectCall): Promise<void> {
  const { id } = thing;
  const place = await engine.place(contractFor(thing), id);
  await sweepLock(place);
  if (place === id) return await clearKilledBeside(id, lockContext(signal));
  if ((await stalePartialsIn(place)).length === 0) return;
  await using _lock = await takeLock(place, lockContext(signal));
  await sweepPartialsIn(place);
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const lockContext = (signal: AbortSignal | undefined) => ({ signal: signal ?? new AbortController().signal });
