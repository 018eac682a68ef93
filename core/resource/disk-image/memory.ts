import type { BigIntStats } from "node:fs";
import { readRecord, type ThingRecord, writeRecord } from "../../engine/record.ts";
import { holdsSecret, tellable } from "../../engine/tellable.ts";
import { fileId } from "../../host/image-record.ts";
import { lookAt } from "../../host/look.ts";
import { readOwner } from "../../kit/owner.ts";
import { contractOf } from "../../model/registry.ts";
import { isObject, type ValueObject } from "../../model/value.ts";

export type Memory = Omit<ThingRecord, "format_version">;

/**
 * The record that belongs to the image at `id`, or null. A record is written before its image is published (a killed
 * create must not leave an image that looks like somebody else's): what it announces counts once that very file is there.
 */
export async function readMemory(id: string, known?: BigIntStats): Promise<Memory | null> {
  const record = await readRecord(id, known);
  const pending = record?.details.pending;
  if (!record || !isObject(pending ?? null)) return record;
  const { inode, declared, details, owner } = pending as {
    readonly [name in "declared" | "details" | "owner"]: ValueObject;
  } & { readonly inode: string };
  if (inode === (await inodeOf(id)))
    return { ...record, origin: "created", owner: readOwner(owner), declared, details };
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
  const inode = (await inodeOf(partial)) ?? "";
  const { declared, owner } = memory;
  const details = { ...memory.details, file: inode };
  const pending = { inode, declared, details, owner: owner as ValueObject | null };
  await writeRecord(id, { ...before, details: { ...before.details, pending } });
  await publish();
  await writeRecord(id, { ...memory, details });
}

/** A file by what it is, under whatever name; null where there is none. */
export async function inodeOf(path: string): Promise<string | null> {
  const found = lookAt(path);
  return found && fileId(found);
}

/** What may be written down of a declaration. */
export const recordable = (input: ValueObject): ValueObject => tellable(fields(), input);

/** Whether a declaration has values that no record keeps. */
export const hasSecrets = (input: ValueObject): boolean => holdsSecret(fields(), input);

const fields = () => contractOf("disk_image", "resource").input;
