/**
 * The download cache. Each address (each digest, where one is declared) has a folder: the whole file, named by its
 * content and never written again; what has come of the next one; and what is remembered of both.
 */
import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { makeOwnFolder } from "../host/folder.ts";
import { readOwnFile } from "../host/own-file.ts";
import { syncFolder } from "../host/partial.ts";
import { openPlainFile } from "../host/plain-file.ts";
import { distrust } from "../host/trust.ts";
import { writeFile } from "../host/write-file.ts";
import type { Settings } from "../kit/context.ts";

/** By what the server knows an answer of its again. */
export interface Validators {
  readonly etag: string | null;
  readonly modified: string | null;
}

/** What is remembered of an answer whose bytes are whole. */
export interface WholeNote extends Validators {
  readonly url: string;
  readonly sha256: string;
  /** Tells whether the file was touched since its bytes were verified. */
  readonly stamp: string;
  /** Another one for each time that the server was asked. */
  readonly asked: string;
  /** Whether it was asked for without headers of the user's, which may choose the answer. */
  readonly isPlain: boolean;
}

/** What is remembered of an answer that is not whole yet. */
export interface PartNote extends Validators {
  readonly url: string;
}

export interface Entry {
  readonly folder: string;
  readonly note: string;
  readonly part: string;
  readonly partNote: string;
}

const NOTE_LIMIT = 64 << 10;
const CONTENT = /^[0-9a-f]{64}$/;

export function downloadsFolder(settings: Settings): string {
  return join(settings.cacheDir, "downloads");
}

export function entryOf(url: string, sha256: string | null, settings: Settings): Entry {
  const key = sha256 ?? `url-${createHash("sha256").update(url).digest("hex")}`;
  const folder = join(downloadsFolder(settings), key);
  const at = (name: string) => join(folder, name);
  return { folder, note: at("note.json"), part: at("part"), partNote: at("part.json") };
}

export const readWholeNote = (entry: Entry) => readNote<WholeNote>(entry.note);

/** The whole file, open, if nobody touched it since it was verified. */
export async function openWhole(entry: Entry, url: string | null): Promise<FileHandle | null> {
  const note = await readWholeNote(entry);
  if (!note || !CONTENT.test(note.sha256) || (url !== null && note.url !== url)) return null;
  const file = await openOwn(join(entry.folder, note.sha256));
  if (file && (await stampOf(file)) === note.stamp) return file;
  await file?.close();
  return null;
}

/** The note of a whole file that is there. */
export async function noteOfWhole(entry: Entry, url: string | null): Promise<WholeNote | null> {
  await using file = await openWhole(entry, url);
  return file ? readWholeNote(entry) : null;
}

export interface Part {
  readonly file: FileHandle;
  readonly size: number;
  readonly note: PartNote;
}

/** What an earlier try left, open for more; null where that is nothing. */
export async function openPart(entry: Entry, url: string): Promise<Part | null> {
  const note = await readNote<PartNote>(entry.partNote);
  if (!note || note.url !== url) return null;
  const file = await openOwn(entry.part, "w");
  const size = file ? (await file.stat()).size : 0;
  if (file && size > 0) return { file, size, note };
  await file?.close();
  return null;
}

/** A new, empty part. */
export async function beginPart(entry: Entry, note: PartNote): Promise<FileHandle> {
  await makeOwnFolder(entry.folder);
  await dropPart(entry);
  await writeNote(entry.partNote, note);
  return open(entry.part, "wx+", 0o600);
}

export async function dropPart(entry: Entry): Promise<void> {
  await rm(entry.partNote, { force: true });
  await rm(entry.part, { force: true });
}

/**
 * Gives a part, whole and synced, the name of its content, and drops what the address answered before: who has that open
 * keeps it.
 */
export async function nameByContent(
  entry: Entry,
  part: FileHandle,
  sha256: string,
  answer: Pick<WholeNote, "url" | "isPlain"> & Validators,
): Promise<void> {
  await part.chmod(0o400);
  const stamp = await stampOf(part);
  // The same content again is another file all the same: the older one may be damaged.
  for (const name of await readdir(entry.folder)) if (CONTENT.test(name)) await rm(join(entry.folder, name));
  await rename(entry.part, join(entry.folder, sha256));
  await syncFolder(entry.folder);
  // Before the whole one is known: after that nobody would come across the part's.
  await rm(entry.partNote, { force: true });
  await writeNote(entry.note, { ...answer, sha256, stamp, asked: randomUUID() });
}

/** Remembers that the server has just called the whole file its newest. */
export async function confirmWhole(entry: Entry, note: WholeNote, isPlain: boolean): Promise<void> {
  await writeNote(entry.note, { ...note, isPlain, asked: randomUUID() });
}

/** Tells whoever prunes the cache that it was used. */
export async function touchWhole(entry: Entry): Promise<void> {
  await utimes(entry.note, new Date(), new Date());
}

async function readNote<T>(path: string): Promise<T | null> {
  const found = await readOwnFile(path, NOTE_LIMIT).catch(() => null);
  try {
    return found && (JSON.parse(found.toString()) as T | null);
  } catch {
    return null;
  }
}

async function writeNote(path: string, note: PartNote | WholeNote): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  await writeFile(beside, `${JSON.stringify(note)}\n`, { flag: "wx", mode: 0o600 });
  await rename(beside, path);
}

/** A file that this user alone can have written. */
async function openOwn(path: string, mode: "r" | "w" = "r"): Promise<FileHandle | null> {
  const file = await openPlainFile(path, mode === "w" ? constants.O_RDWR : 0).catch(() => null);
  if (file && distrust(await file.stat()) === null) return file;
  await file?.close();
  return null;
}

async function stampOf(file: FileHandle): Promise<string> {
  const found = await file.stat({ bigint: true });
  return `${found.ino} ${found.size} ${found.mtimeNs}`;
}
