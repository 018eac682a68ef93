import type { BigIntStats } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../host/folder.ts";
import { lookAt } from "../host/look.ts";
import { partialBeside, syncFolder } from "../host/partial.ts";
import { RECORD_VERSION, readRecordFile, recordPath } from "../host/record-file.ts";
import { distrust } from "../host/trust.ts";
import { writeFile } from "../host/write-file.ts";
import type { Settings } from "../kit/context.ts";
import { type Owner, ownerOf, readOwner } from "../kit/owner.ts";
import type { ValueObject } from "../model/value.ts";

export { recordPath } from "../host/record-file.ts";

/** What cannot be read back from a thing: kept beside it as `.NAME.guestkit.json`, without secrets. */
export interface ThingRecord {
  readonly format_version: number;
  readonly contract: string;
  /** Whether guestkit made the thing or was told to take it over. */
  readonly origin: "created" | "imported";
  /** Null: nobody in particular, as of what a verb made. */
  readonly owner: Owner | null;
  /** The declaration that was last applied; write-only values are null. */
  readonly declared: ValueObject;
  /** What the implementation remembers: installed packages, dependants. */
  readonly details: ValueObject;
}

type Thing = Pick<BigIntStats, "uid"> & { isFile(): boolean };

/**
 * The record of a thing that guestkit made or took over, or null: one that it has only seen (host/image-record.ts) gives no
 * rights to it, and neither does one that somebody else may have laid beside a file. `known` is the thing where
 * it was looked at. Throws `E_RECORD_*`.
 */
export async function readRecord(id: string, known?: Thing): Promise<ThingRecord | null> {
  const found = await readRecordFile(id);
  if (!found || found.content.origin === "seen") return null;
  const thing = known ?? lookAt(id);
  const counts = !thing?.isFile() || distrust(found.stat, Number(thing.uid)) === null;
  return counts ? ({ ...found.content, owner: readOwner(found.content.owner) } as unknown as ThingRecord) : null;
}

/** Whose a thing is that is made now: the run's, else whose it was. */
export function ownerOfNew({ owner }: Settings, before: Pick<ThingRecord, "owner"> | null): Owner | null {
  return owner ? ownerOf(owner) : (before?.owner ?? null);
}

/** Writes the record whole: beside, synced, renamed. */
export async function writeRecord(id: string, record: Omit<ThingRecord, "format_version">): Promise<void> {
  await makeFolder(dirname(id));
  await using partial = partialBeside(id, "record");
  await writeFile(partial.path, `${JSON.stringify({ format_version: RECORD_VERSION.kept, ...record }, null, 1)}\n`, {
    mode: 0o600,
  });
  await partial.publish(recordPath(id));
}

/** For good: the thing, which went before it from the same folder, does not come back either. */
export async function removeRecord(id: string): Promise<void> {
  await rm(recordPath(id), { force: true });
  await syncFolder(dirname(id));
}
