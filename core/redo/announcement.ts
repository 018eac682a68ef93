import { readRecord, writeRecord } from "../engine/record.ts";
import { GuestkitError } from "../kit/errors.ts";
import { isObject, type ValueObject } from "../model/value.ts";

/** What the image's record says of a redo log before that gets its name. Without it no log counts. */
export interface Announcement {
  /** Of the whole log, hexadecimal. */
  readonly sha256: string;
  /** Bytes of the whole log. */
  readonly size: number;
  /** Bytes of the overlay; behind them stand the digests of what it covers. */
  readonly length: number;
  /** The image, by its `fileId`. */
  readonly image: string;
  readonly format: "raw" | "qcow2";
  /** Virtual size of the image before, bytes. */
  readonly old_size: number;
  /** After. */
  readonly new_size: number;
}

/** What the record of the image announces; null without one, or where it cannot be read. */
export async function readAnnouncement(target: string): Promise<Announcement | null> {
  const record = await readRecord(target).catch(() => null);
  const found = record?.details.redo ?? null;
  return isAnnouncement(found) ? found : null;
}

/** Throws `E_REDO_RECORD` where the image has no record. */
export async function announce(target: string, redo: Announcement): Promise<void> {
  const record = await readRecord(target);
  if (!record) {
    throw new GuestkitError("E_REDO_RECORD", `Cannot change "${target}": guestkit has no record of it`, {
      at: { file: target },
      help: "Import it first: what is changed in place is announced in its record.",
    });
  }
  await writeRecord(target, { ...record, details: { ...record.details, redo: { ...redo } } });
}

/** What the record remembers once no log is under way. */
export function withoutRedo({ redo: _, ...details }: ValueObject): ValueObject {
  return details;
}

function isAnnouncement(value: unknown): value is Announcement {
  if (!isObject(value as ValueObject)) return false;
  const { sha256, size, length, image, format, old_size, new_size } = value as Record<string, unknown>;
  const areSizes = [size, length, old_size, new_size].every((each) => Number.isSafeInteger(each) && Number(each) >= 0);
  return (
    areSizes && typeof sha256 === "string" && typeof image === "string" && (format === "raw" || format === "qcow2")
  );
}
