import type { BigIntStats } from "node:fs";
import { link, lstat, open, realpath } from "node:fs/promises";
import { GuestkitError } from "../kit/errors.ts";
import { type Owner, readOwner } from "../kit/owner.ts";
import { lookAt } from "./look.ts";
import { partialBeside, sweepPartials } from "./partial.ts";
import { RECORD_VERSION, readRecordFile, recordPath } from "./record-file.ts";
import { distrust } from "./trust.ts";
import { writeAll } from "./write-file.ts";

/** What the record beside an image says of that very file. */
export interface ImageRecord {
  /** What the image is; null where the record does not say, or does not count. */
  readonly format: "qcow2" | "raw" | null;
  /** Why the record does not count, and may not be passed over either; null where nothing is in doubt. */
  readonly doubt: string | null;
  /** The doubt is of no account where the file names no others: the record is only out of this user's sight. */
  readonly harmless: boolean;
  /** Why it is somebody else's and was left alone: to be told. */
  readonly distrusted: string | null;
  /** Files that it vouches for: parents and data files that the image was made over, by its own `fileId`. */
  readonly names: readonly string[];
  /** Whether guestkit keeps the image, rather than having seen it. */
  readonly kept: boolean;
  /** Whose it is; null where nobody in particular owns it. */
  readonly owner: Owner | null;
}

const NOTHING: ImageRecord = {
  ...{ format: null, doubt: null, harmless: false, distrusted: null, names: [], kept: false, owner: null },
};

/**
 * A file by what it is, under whatever name: `inode:born`. Its birth is the file system's own word (statx(2)), which no
 * archive brings; a device's number would be another one after the host's next start.
 */
export const fileId = ({ ino, birthtimeNs }: Pick<BigIntStats, "ino" | "birthtimeNs">): string =>
  `${ino}:${birthtimeNs}`;

/**
 * Where the record of an image lies, whichever name the image was given: a link and /dev/fd/N lead to the file that a guest
 * wrote to, and beside their own names nothing is recorded.
 */
const real = (path: string): Promise<string> => realpath(path).catch(() => path);

/**
 * What is recorded of an image, where that counts: only the image's owner, root and this user may have written
 * it. Null without a record. A record that cannot be read is a doubt, not a silence; one that is damaged or a link is thrown
 * (`E_RECORD_*`).
 */
export async function imageRecord(name: string): Promise<ImageRecord | null> {
  const path = await real(name);
  const found = await readRecordFile(path).catch((error: unknown) => hidden(path, error));
  if (found === null || "doubt" in found) return found;
  const image = lookAt(path);
  const why = distrust(found.stat, image ? Number(image.uid) : undefined);
  if (why !== null) return { ...NOTHING, distrusted: why };
  const record = image && read(found.content, fileId(image));
  return record && distrust(found.stat) !== null ? { ...record, names: [] } : record;
}

/** One that this user may not read still tells whose it is. */
async function hidden(path: string, error: unknown): Promise<ImageRecord> {
  if (!(error instanceof GuestkitError) || error.code !== "E_RECORD_ACCESS") throw error;
  const [record, image] = await Promise.all([recordPath(path), path].map((each) => lstat(each).catch(() => null)));
  const why = record ? distrust(record, image?.uid) : null;
  if (why !== null) return { ...NOTHING, distrusted: why };
  return { ...NOTHING, harmless: true, doubt: `its record "${recordPath(path)}" cannot be read by this user` };
}

interface Content {
  readonly owner?: unknown;
  readonly origin?: unknown;
  readonly declared?: Readonly<Record<string, unknown>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

function read(content: Content, id: string): ImageRecord | null {
  const { details = {} } = content;
  const pending = details.pending as (Content & { inode?: unknown }) | undefined;
  const owner = content.origin === "seen" ? null : readOwner(content.owner);
  if (pending && pending.inode === id) return { ...told(pending, { ...pending.details, file: id }, id), owner };
  if (details.none === true) return null;
  if (content.origin === "seen" && details.file !== id) return ofAnother(content);
  return { ...told(content, details, id), kept: content.origin !== "seen", owner };
}

function told({ declared = {} }: Content, details: NonNullable<Content["details"]>, id: string): ImageRecord {
  const format = declared.format === "raw" || declared.format === "qcow2" ? declared.format : null;
  const names = details.file === id ? [declared.backing_file, ...list(details.names)] : [];
  return { ...NOTHING, format, kept: true, names: names.filter((each) => typeof each === "string") };
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The file was replaced since it was seen: by a download, or by a copy of the disk that a guest wrote to. One that was raw
 * and looks like something else now may be either: that must be said.
 */
function ofAnother({ declared }: Content): ImageRecord {
  const doubt = declared?.format === "raw" ? "the file that was there before was used as raw" : null;
  return { ...NOTHING, doubt };
}

/**
 * Fixes what a file is, in a record that says nothing else and gives no right to it. Nothing is written where there is a
 * record that counts, and where the folder does not let us; one of ours of an earlier file is replaced.
 */
export async function recordSeen(name: string, format: "qcow2" | "raw"): Promise<void> {
  const path = await real(name);
  const image = lookAt(path);
  if (!image?.isFile()) return;
  // What a killed run left: nothing else would come across it.
  await sweepPartials(path, "seen").catch(unlessReadOnly);
  if ((await imageRecord(path))?.format) return;
  const record = {
    format_version: RECORD_VERSION.seen,
    contract: "disk_image",
    origin: "seen",
    declared: { format },
    details: { file: fileId(image) },
  };
  await using partial = partialBeside(path, "seen");
  try {
    await writeFor(image, partial.path, `${JSON.stringify(record, null, 1)}\n`);
    await put(partial, path);
  } catch (error) {
    unlessReadOnly(error);
  }
}

function unlessReadOnly(error: unknown): void {
  if (error instanceof GuestkitError || !READ_ONLY.includes(String((error as NodeJS.ErrnoException).code))) throw error;
}

/** Root's own would be in the owner's way in a sticky folder. The open file is given away: its name may be a link by then. */
async function writeFor({ uid, gid }: BigIntStats, path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await writeAll(file, path, Buffer.from(text));
    if (process.getuid?.() === 0) await file.chown(Number(uid), Number(gid));
    // One that is empty after a loss of power would have to be removed by hand.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a folder that is not ours to write to answers. */
const READ_ONLY: readonly string[] = ["EACCES", "EPERM", "EROFS"];

async function put(partial: { path: string; publish(as: string): Promise<void> }, path: string): Promise<void> {
  const place = recordPath(path);
  try {
    return await link(partial.path, place);
  } catch {
    // One is there, or the file system has no links (FAT, some shares): its folder was just written to.
  }
  const there = await readRecordFile(path);
  const isStale = there?.content.origin === "seen" && distrust(there.stat) === null;
  if (!there || isStale) await partial.publish(place);
}
