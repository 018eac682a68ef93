import { stat } from "node:fs/promises";
import { readRecord, type ThingRecord, writeRecord } from "../../engine/record.ts";
import { isObject, type Value, type ValueObject } from "../../model/value.ts";

export type Memory = Omit<ThingRecord, "format_version">;

/**
 * The record that belongs to the image at `id`, or null. A record is written before its image is published (a killed
 * create must not leave an image that looks like somebody else's): what it announces counts once that very file is there.
 */
export async function readMemory(id: string): Promise<Memory | null> {
  const record = await readRecord(id);
  const pending = record?.details.pending;
  if (!record || !isObject(pending ?? null)) return record;
  const { inode, declared, details } = pending as { inode: string; declared: ValueObject; details: ValueObject };
  if (inode === (await inodeOf(id))) return { ...record, origin: "created", declared, details };
  const { pending: _, ...rest } = record.details;
  return rest.none === true ? null : { ...record, details: rest };
}

/** Says that the file `partial` is going to be the image; `publish` gives it the name. */
export async function publishWithMemory(
  id: string,
  partial: string,
  memory: Memory,
  publish: () => Promise<void>,
): Promise<void> {
  const before = (await readMemory(id)) ?? { ...memory, declared: {}, details: { none: true } };
  const { declared, details } = memory;
  const pending = { inode: (await inodeOf(partial)) ?? "", declared, details };
  await writeRecord(id, { ...before, details: { ...before.details, pending } });
  await publish();
  await writeRecord(id, memory);
}

async function inodeOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.dev}:${found.ino}`;
}

const SECRET = ["secret_content", "password_hash", "headers"];

/** Whether a declaration has values that no record keeps. */
export function hasSecrets(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasSecrets);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, each]) => {
    const isEmpty = each === null || (isObject(each) && Object.keys(each).length === 0);
    return SECRET.includes(key) ? !isEmpty : hasSecrets(each);
  });
}

/** What may be written down of a declaration: no secret. */
export function withoutSecrets(input: ValueObject): ValueObject {
  return JSON.parse(
    JSON.stringify(input, (key, value: unknown) => (SECRET.includes(key) ? null : value)),
  ) as ValueObject;
}
