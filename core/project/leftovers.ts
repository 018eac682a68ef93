import { lstat } from "node:fs/promises";
import { readRecord, removeRecord } from "../engine/record.ts";
import { lockFile } from "../host/file-lock.ts";
import { sweepLock, takeLock } from "../host/lock.ts";
import { nextPath, stalePartials, stalePartialsIn, sweepPartials, sweepPartialsIn } from "../host/partial.ts";
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
  await sweepPartials(id);
  await removeRecord(id);
}

/**
 * Removes what a killed run left beside a thing that is as declared by now, so that nothing else would come across it.
 * It is looked for without the thing's lock, and removed under it: whoever holds it may be in another container, and
 * look dead from here.
 */
export async function clearKilled(thing: Owned, { engine, signal }: ProjectCall): Promise<void> {
  const { id } = thing;
  const place = await engine.place(contractFor(thing), id);
  const isFile = place === id;
  await sweepLock(place);
  const stale = isFile ? await stalePartials(id) : await stalePartialsIn(place);
  // That one goes when the lock is taken.
  const isLeft = stale.length > 0 || (isFile && (await isThere(nextPath(id))));
  if (!isLeft) return;
  await using _lock = isFile ? await lockFile(id, lockContext(signal)) : await takeLock(place, lockContext(signal));
  if (isFile) await sweepPartials(id);
  else await sweepPartialsIn(place);
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const lockContext = (signal: AbortSignal | undefined) => ({ signal: signal ?? new AbortController().signal });
