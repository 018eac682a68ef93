import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../host/folder.ts";
import { companionName, partialBeside } from "../host/partial.ts";
import { writeFile } from "../host/write-file.ts";
import { parseJson } from "../kit/depth.ts";
import { GuestkitError } from "../kit/errors.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";

/** The version that this release writes. Older ones are upgraded when read, newer ones refused. */
export const RECORD_VERSION = 1;

/** What cannot be read back from a thing: kept beside it as `.NAME.guestkit.json`, without secrets. */
export interface ThingRecord {
  readonly format_version: number;
  readonly contract: string;
  /** Whether guestkit made the thing or was told to take it over. */
  readonly origin: "created" | "imported";
  /** The declaration that was last applied; write-only values are null. */
  readonly declared: ValueObject;
  /** What the implementation remembers: installed packages, dependants. */
  readonly details: ValueObject;
}

/** One step from version N to N + 1, by N. */
const UPGRADES: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {};

export function recordPath(id: string): string {
  return join(dirname(id), `.${companionName(id)}.guestkit.json`);
}

/** The record of a thing, or null. Throws `E_RECORD_DAMAGED` and `E_RECORD_NEWER`. */
export async function readRecord(id: string): Promise<ThingRecord | null> {
  const path = recordPath(id);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  return text === null ? null : upgrade(path, parse(path, text));
}

function parse(path: string, text: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path, undefined);
}

function upgrade(path: string, found: Record<string, unknown>): ThingRecord {
  if (!Number.isInteger(found.format_version)) throw damaged(path, undefined);
  let record = found;
  for (let version = Number(record.format_version); version < RECORD_VERSION; version++) {
    const step = UPGRADES[version];
    if (!step) throw damaged(path, undefined);
    record = step(record);
  }
  if (record.format_version === RECORD_VERSION) {
    if (isObject(record.declared as Value) && isObject(record.details as Value))
      return record as unknown as ThingRecord;
    throw damaged(path, undefined);
  }
  throw new GuestkitError(
    "E_RECORD_NEWER",
    `Cannot use "${path}": it has version ${record.format_version}, this release knows ${RECORD_VERSION}`,
    {
      at: { file: path },
      help: "Use the guestkit release that wrote it, or a newer one.",
    },
  );
}

function damaged(path: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_RECORD_DAMAGED", `Cannot use "${path}": it is no guestkit record`, {
    at: { file: path },
    cause,
    help: `Remove it (rm "${path}") and import the image again.`,
  });
}

/** Writes the record whole: beside, synced, renamed. */
export async function writeRecord(id: string, record: Omit<ThingRecord, "format_version">): Promise<void> {
  await makeFolder(dirname(id));
  await using partial = partialBeside(id, "record");
  await writeFile(partial.path, `${JSON.stringify({ format_version: RECORD_VERSION, ...record }, null, 1)}\n`, {
    mode: 0o600,
  });
  await partial.publish(recordPath(id));
}

export async function removeRecord(id: string): Promise<void> {
  await rm(recordPath(id), { force: true });
}
