import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { makeOwnFolder } from "../../host/folder.ts";
import { takeLock } from "../../host/lock.ts";
import { demandOwnPlace } from "../../host/own-place.ts";
import { writeAll } from "../../host/write-file.ts";
import type { Context } from "../../kit/context.ts";
import { atPlace, GuestkitError } from "../../kit/errors.ts";
import { isObject, type Value, type ValueObject } from "../../model/value.ts";
import { changed } from "./guard.ts";
import { callerFolder, type Entry, entryOf, openPart, publishPart, wholeOf } from "./store.ts";
import { type As, PIECE } from "./wire.ts";

/** What bringing one file takes. */
export interface Wanted {
  /** As the caller calls it. */
  readonly path: string;
  readonly as: As;
  readonly size: number;
  readonly sha256: string;
  readonly ask: (method: string, params: ValueObject) => Promise<unknown>;
  readonly context: Pick<Context, "signal" | "progress" | "settings">;
}

/** Another request may be bringing the same file. */
const PATIENCE_MS = 6 * 3600_000;
/** Pieces that are on their way at once: the line is never idle. */
const AHEAD = 4;
const OWN_CACHE = "Let GUESTKIT_CACHE_DIR there (or XDG_CACHE_HOME) name a folder that is this user's alone.";

/**
 * A file of this host with those bytes: what is here is not sent again, what broke off goes on, and nothing counts whose digest
 * is another. Throws `E_FILE_CHANGED`, and `E_FOLDER_FOREIGN` where others could put another in its place.
 */
export async function fetchFile(wanted: Wanted): Promise<string> {
  const { context, path } = wanted;
  const entry = entryOf(wanted.sha256, path, wanted.as === "tar" ? ".tar" : "", context.settings);
  const folder = callerFolder(context.settings);
  await makeOwnFolder(folder);
  // Before anything there is believed: in a cache that many share, somebody else may have laid it.
  await demandOwnPlace(folder, OWN_CACHE);
  const known = await wholeOf(entry);
  if (known !== null) return known;
  await using _lock = await takeLock(entry.folder, context, { patience: PATIENCE_MS, name: path });
  return (await wholeOf(entry)) ?? (await bring(wanted, entry, true));
}

async function bring(wanted: Wanted, entry: Entry, mayRepeat: boolean): Promise<string> {
  const begun = await receive(wanted, entry);
  if (begun.digest === wanted.sha256) return await publishPart(entry);
  await using part = await openPart(entry);
  await part.truncate(0);
  // What an earlier try left was something else.
  if (begun.from > 0 && mayRepeat) return await bring(wanted, entry, false);
  throw changed(wanted.path);
}

async function receive(wanted: Wanted, entry: Entry): Promise<{ readonly from: number; readonly digest: string }> {
  await using part = await openPart(entry);
  const hash = createHash("sha256");
  const from = await startOf(part, wanted.size, hash);
  const pieces = new Map<number, Promise<Buffer>>();
  const request = (at: number) => {
    if (at < wanted.size && !pieces.has(at)) pieces.set(at, pieceAt(wanted, at));
    pieces.get(at)?.catch(() => {});
  };
  for (let at = from; at < wanted.size; at += PIECE) {
    wanted.context.signal.throwIfAborted();
    for (let ahead = 0; ahead < AHEAD; ahead++) request(at + ahead * PIECE);
    const piece = (await pieces.get(at)) as Buffer;
    pieces.delete(at);
    hash.update(piece);
    await writeAll(part, entry.part, piece, at);
    tell(wanted, at + piece.length);
  }
  await atPlace(entry.part, () => part.sync());
  return { from, digest: hash.digest("hex") };
}

function tell({ context, path, size }: Wanted, done: number): void {
  context.progress({ phase: "bringing files", done, total: size, unit: "bytes", detail: path });
}

/** Where it goes on: behind the whole pieces that are there, which the hash is fed. */
async function startOf(part: FileHandle, size: number, hash: Hash): Promise<number> {
  const there = (await part.stat()).size;
  const from = there > size ? 0 : there - (there % PIECE);
  await part.truncate(from);
  const piece = Buffer.allocUnsafe(PIECE);
  for (let at = 0; at < from; at += PIECE) {
    await part.read(piece, 0, PIECE, at);
    hash.update(piece);
  }
  return from;
}

async function pieceAt({ ask, path, as, size }: Wanted, offset: number): Promise<Buffer> {
  const length = Math.min(PIECE, size - offset);
  const answer = (await ask("file.read", { path, as, offset, length })) as Value;
  const data = isObject(answer) && typeof answer.data === "string" ? Buffer.from(answer.data, "base64") : null;
  if (data?.length === length) return data;
  throw odd(path);
}

/** What the caller says makes no sense. */
export const odd = (path: string): GuestkitError =>
  new GuestkitError("E_FILE_ANSWER", `Cannot bring "${path}": the caller answered with something else`, {
    help: "Use the same release of guestkit on both machines.",
  });
