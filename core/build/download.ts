import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { makeFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { syncFolder } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { get, headerOf, httpError, openDispatcher, type RemoteFile, type Response, withoutSecrets } from "./request.ts";

export interface Download extends RemoteFile {
  /** What the bytes must hash to; null accepts any. */
  readonly sha256: string | null;
}

/** What is remembered of a download beside its bytes. */
interface Note {
  readonly url: string;
  readonly etag: string | null;
  readonly modified: string | null;
  /** Of the whole file; null while it is not whole. */
  readonly sha256: string | null;
  /** Tells whether the bytes were touched since they were verified. */
  readonly stamp: string | null;
}

interface Place {
  readonly folder: string;
  readonly data: string;
  readonly part: string;
  readonly note: string;
}

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 250;
/** Another process may be downloading the same file. */
const PATIENCE_MS = 6 * 3600_000;

/**
 * The file at an address, in the download cache: by its sha256 where that is declared, else by the address and
 * revalidated. A download that was cut goes on where it stopped. Throws `E_SOURCE_HTTP`, `E_SOURCE_SHA256`.
 */
export async function download(wanted: Download, context: Context): Promise<string> {
  const place = placeOf(wanted, context);
  await makeFolder(place.folder);
  await using _lock = await takeLock(place.data, context.signal, PATIENCE_MS);
  const known = await intact(place);
  if (known && wanted.sha256 !== null) return place.data;
  const dispatcher = await openDispatcher(wanted);
  try {
    await attempt(wanted, place, known, dispatcher, context);
    return place.data;
  } finally {
    await dispatcher.destroy();
  }
}

function placeOf(wanted: Download, context: Context): Place {
  const key = wanted.sha256 ?? `url-${createHash("sha256").update(wanted.url).digest("hex")}`;
  const folder = join(context.settings.cacheDir, "downloads", key);
  return { folder, data: join(folder, "data"), part: join(folder, "part"), note: join(folder, "note.json") };
}

/** The note of a whole file that nobody touched since, or null. */
async function intact(place: Place): Promise<Note | null> {
  const note = await readNote(place);
  const stamp = await stampOf(place.data);
  return note && stamp !== null && note.stamp === stamp ? note : null;
}

async function readNote(place: Place): Promise<Note | null> {
  try {
    return JSON.parse(await readFile(place.note, "utf8")) as Note;
  } catch {
    return null;
  }
}

async function stampOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}

/** Tries again after what may pass by itself: a cut connection, a server that is busy. */
async function attempt(
  wanted: Download,
  place: Place,
  known: Note | null,
  dispatcher: Dispatcher,
  context: Context,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await transfer(wanted, place, known, dispatcher, context);
    } catch (error) {
      context.signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      if (tried >= ATTEMPTS) throw httpError(wanted.url, `${reasonOf(error)} (tried ${tried} times)`, error);
      const detail = `${reasonOf(error)}; trying again`;
      context.progress({ phase: "downloading", detail });
      await sleep(FIRST_WAIT_MS * 2 ** (tried - 1), undefined, { signal: context.signal });
    }
  }
}

class Passing extends Error {}

/** What is neither ours nor the server's last word came from the connection. */
function mayPass(error: unknown): boolean {
  if (error instanceof Passing) return true;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (error instanceof GuestkitError || /CERT|SELF_SIGNED|VERIFY|ISSUER|ENOSPC|EACCES|EROFS|ENOTFOUND/.test(code)) {
    return false;
  }
  return code !== "";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error);
}

async function transfer(
  wanted: Download,
  place: Place,
  known: Note | null,
  dispatcher: Dispatcher,
  context: Context,
): Promise<void> {
  const begun = await begunPart(wanted, place);
  const response = await ask(wanted, conditions(known, begun), dispatcher, context.signal);
  if (response.statusCode === 304 && known) return void (await response.body.dump());
  const from = await startOf(response, begun, wanted, place);
  const sha256 = await receive(response, from, wanted, place, context);
  await finish(sha256, response, wanted, place);
}

interface Begun {
  readonly size: number;
  readonly validator: string;
}

/** Bytes of an earlier try that the server can be asked to continue. */
async function begunPart(wanted: Download, place: Place): Promise<Begun | null> {
  const note = await readNote(place);
  const found = await stat(place.part).catch(() => null);
  const strong = note?.etag?.startsWith("W/") ? null : note?.etag;
  const validator = strong ?? note?.modified ?? null;
  if (!found || found.size === 0 || !note || note.url !== wanted.url || validator === null) return null;
  return { size: found.size, validator };
}

function conditions(known: Note | null, begun: Begun | null): Record<string, string> {
  if (begun) return { range: `bytes=${begun.size}-`, "if-range": begun.validator };
  if (!known) return {};
  return {
    ...(known.etag !== null && { "if-none-match": known.etag }),
    ...(known.modified !== null && { "if-modified-since": known.modified }),
  };
}

async function ask(
  wanted: Download,
  extra: Record<string, string>,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Response> {
  const response = await askOnce(wanted, extra, dispatcher, signal);
  const { statusCode } = response;
  if (statusCode === 200 || statusCode === 206 || statusCode === 304) return response;
  await response.body.dump();
  if (statusCode === 416 && extra.range !== undefined) {
    const { range: _, "if-range": __, ...rest } = extra;
    return ask(wanted, rest, dispatcher, signal);
  }
  const why = `the server answered ${statusCode}`;
  throw statusCode === 408 || statusCode === 429 || statusCode >= 500 ? new Passing(why) : httpError(wanted.url, why);
}

async function askOnce(
  wanted: Download,
  extra: Record<string, string>,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await get(wanted, extra, dispatcher, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw mayPass(error) || error instanceof GuestkitError ? error : httpError(wanted.url, reasonOf(error), error);
  }
}

/** Where the body goes on: at the end of what is there, or at the start where the server sends all of it. */
async function startOf(response: Response, begun: Begun | null, wanted: Download, place: Place): Promise<number> {
  const range = /^bytes (\d+)-/.exec(headerOf(response.headers, "content-range") ?? "");
  if (response.statusCode === 206 && begun && Number(range?.[1]) === begun.size) return begun.size;
  if (response.statusCode === 206) throw new Passing("the server answered with another range than asked for");
  await rm(place.part, { force: true });
  await writeNote(place, { ...validators(response), url: wanted.url, sha256: null, stamp: null });
  return 0;
}

function validators(response: Response): Pick<Note, "etag" | "modified"> {
  return { etag: headerOf(response.headers, "etag"), modified: headerOf(response.headers, "last-modified") };
}

async function writeNote(place: Place, note: Note): Promise<void> {
  const beside = `${place.note}.new`;
  await writeFile(beside, `${JSON.stringify(note)}\n`);
  await rename(beside, place.note);
}

/** Writes the body to the part, hashing as it streams. Gives the digest of all of it. */
async function receive(
  response: Response,
  from: number,
  wanted: Download,
  place: Place,
  context: Context,
): Promise<string> {
  const hash = createHash("sha256");
  const length = headerOf(response.headers, "content-length");
  const total = length === null ? undefined : from + Number(length);
  const handle = await open(place.part, from > 0 ? "r+" : "w");
  try {
    if (from > 0) await hashFile(handle, hash, context.signal);
    const size = await drain(response, handle, hash, from, total, wanted.url, context);
    if (total !== undefined && size !== total) throw new Passing(`the connection was cut at ${size} of ${total} bytes`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

async function drain(
  response: Response,
  handle: FileHandle,
  hash: Hash,
  from: number,
  total: number | undefined,
  url: string,
  context: Context,
): Promise<number> {
  let at = from;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    context.signal.throwIfAborted();
    hash.update(chunk);
    for (let done = 0; done < chunk.length; ) {
      done += (await handle.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
    }
    at += chunk.length;
    context.progress({
      phase: "downloading",
      done: at,
      ...(total !== undefined && { total }),
      unit: "bytes",
      detail: withoutSecrets(url),
    });
  }
  return at;
}

/** Feeds an open file to a hash, from its start to its end. */
export async function hashFile(handle: FileHandle, hash: Hash, signal: AbortSignal): Promise<void> {
  const stream = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20, signal });
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
}

async function finish(sha256: string, response: Response, wanted: Download, place: Place): Promise<void> {
  if (wanted.sha256 !== null && sha256 !== wanted.sha256) {
    await rm(place.part, { force: true });
    throw sha256Error(withoutSecrets(wanted.url), wanted.sha256, sha256);
  }
  await rename(place.part, place.data);
  await syncFolder(place.folder);
  const stamp = await stampOf(place.data);
  await writeNote(place, { ...validators(response), url: wanted.url, sha256, stamp });
}

export function sha256Error(what: string, wanted: string, found: string): GuestkitError {
  return new GuestkitError("E_SOURCE_SHA256", `Cannot use "${what}": its sha256 is ${found}, not ${wanted}`, {
    at: { field: ["source", "sha256"] },
    help: "The file is another one than was meant: check the publisher's checksums, then mend sha256.",
  });
}
