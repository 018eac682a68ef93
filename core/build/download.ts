import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { pruneFolder } from "../host/prune.ts";
import { writeAll } from "../host/write-file.ts";
import { isSigned, shownAddress, withoutSignature } from "../kit/address.ts";
import type { Context } from "../kit/context.ts";
import { atPlace, GuestkitError } from "../kit/errors.ts";
import { log } from "../kit/log.ts";
import {
  beginPart,
  confirmWhole,
  downloadsFolder,
  dropPart,
  type Entry,
  entryOf,
  nameByContent,
  noteOfWhole,
  openPart,
  openWhole,
  type Part,
  readWholeNote,
  touchWhole,
  type Validators,
  type WholeNote,
} from "./download-cache.ts";
import { get, headerOf, httpError, openDispatcher, type RemoteFile, type Response } from "./request.ts";

export interface Download extends RemoteFile {
  /** What the bytes must hash to; null accepts any. */
  readonly sha256: string | null;
  /** Most bytes that it may have; any number where left out. */
  readonly most?: number;
}

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 250;
/** Another process may be downloading the same file. */
const PATIENCE_MS = 6 * 3600_000;
/** What nobody used for so long is dropped when something new comes. */
const UNUSED_MS = 60 * 86_400_000;

/**
 * The file at an address, open, by the download cache: by its sha256 where that is declared, else by the address,
 * however it is signed, and revalidated. What another answer of the server brings later is another file. A download that
 * was cut goes on where it stopped. Throws `E_SOURCE_HTTP`, `E_SOURCE_SHA256`.
 */
export async function download(wanted: Download, context: Context): Promise<FileHandle> {
  const entry = entryOf(addressOf(wanted), wanted.sha256, context.settings);
  const before = await readWholeNote(entry);
  context.progress({ phase: "downloading", detail: shownAddress(wanted.url) });
  await makeOwnFolder(downloadsFolder(context.settings));
  await using _lock = await takeLock(entry.folder, context, { patience: PATIENCE_MS, name: shownAddress(wanted.url) });
  const known = await noteOfWhole(entry, ownerOf(wanted));
  if (known && isFresh(known, before, wanted)) return reuse(wanted, entry);
  const dispatcher = await openDispatcher(wanted);
  try {
    await attempt({ wanted, entry, known, dispatcher, context });
  } finally {
    await dispatcher.destroy();
  }
  return reuse(wanted, entry);
}

/** Whose answer it must be: anybody's where the digest says what is wanted. */
const ownerOf = (wanted: Download) => (wanted.sha256 === null ? addressOf(wanted) : null);

/** What the cache goes by: the address, however it is signed. */
const addressOf = ({ url }: Download) => withoutSignature(url);

/** Whether the server gives it to anybody. */
const isPlain = ({ url, headers }: Download) => Object.keys(headers).length === 0 && !isSigned(url);

/** Not asked about again: what is known by its digest, and what somebody asked for while we waited for him. */
function isFresh(known: WholeNote, before: WholeNote | null, wanted: Download): boolean {
  return wanted.sha256 !== null || (known.asked !== before?.asked && known.isPlain && isPlain(wanted));
}

async function reuse(wanted: Download, entry: Entry): Promise<FileHandle> {
  const file = await openWhole(entry, ownerOf(wanted));
  if (!file) throw httpError(wanted.url, `something else changed the cache meanwhile ("${entry.folder}")`);
  await touchWhole(entry);
  return file;
}

/** One download: what is wanted, where it goes, what is there, and the way. */
interface Job {
  readonly wanted: Download;
  readonly entry: Entry;
  readonly known: WholeNote | null;
  readonly dispatcher: Dispatcher;
  readonly context: Context;
}

/** Tries again after what may pass by itself: a cut connection, a server that is busy. */
async function attempt(job: Job): Promise<void> {
  const { wanted, context } = job;
  for (let tried = 1; ; tried++) {
    try {
      return await transfer(job);
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
  // A proxy that lets nobody in (407) or refuses the place (403) says so again.
  return code !== "" && !/^Proxy response \(4/.test(reasonOf(error));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error);
}

async function transfer(job: Job): Promise<void> {
  const { wanted, entry, known } = job;
  const begun = await openPart(entry, addressOf(wanted));
  let part = begun?.file ?? null;
  try {
    const response = await ask(job, conditions(known, begun));
    if (response.statusCode === 304 && known) {
      await response.body.dump();
      return await confirmWhole(entry, known, isPlain(wanted));
    }
    const from = startOf(response, begun);
    if (from === 0) {
      await part?.close();
      part = await beginPart(entry, { ...validators(response), url: addressOf(wanted) });
    }
    if (part) await keep(job, part, response, await receive(job, part, response, from));
  } finally {
    await part?.close();
  }
}

/** The bytes that an earlier try left are asked to be continued where the server can tell that they are the same. */
function conditions(known: WholeNote | null, begun: Part | null): Record<string, string> {
  const strong = begun?.note.etag?.startsWith("W/") ? null : begun?.note.etag;
  const validator = strong ?? begun?.note.modified;
  if (begun && validator) return { range: `bytes=${begun.size}-`, "if-range": validator };
  if (!known) return {};
  return {
    ...(known.etag !== null && { "if-none-match": known.etag }),
    ...(known.modified !== null && { "if-modified-since": known.modified }),
  };
}

async function ask(job: Job, extra: Record<string, string>): Promise<Response> {
  const response = await askOnce(job, extra);
  const { statusCode } = response;
  const isAnswer = statusCode === 200 || (statusCode === 206 && extra.range !== undefined);
  // That nothing has changed answers a question alone.
  if (isAnswer || (statusCode === 304 && job.known)) return demandPlain(job, response);
  await response.body.dump();
  if (statusCode === 416 && extra.range !== undefined) {
    const { range: _, "if-range": __, ...rest } = extra;
    return ask(job, rest);
  }
  const { url } = job.wanted;
  const why = `the server answered ${statusCode}`;
  throw statusCode === 408 || statusCode === 429 || statusCode >= 500 ? new Passing(why) : httpError(url, why);
}

/** Nothing was asked for that is packed on the way; where no digest says what is wanted, what came may be anything. */
async function demandPlain({ wanted }: Job, response: Response): Promise<Response> {
  const encoding = headerOf(response.headers, "content-encoding") ?? "identity";
  if (wanted.sha256 !== null || encoding.toLowerCase() === "identity") return response;
  await response.body.dump();
  throw httpError(
    wanted.url,
    `the server packs it on the way (content-encoding "${encoding}"), which was not asked for`,
  );
}

async function askOnce({ wanted, dispatcher, context }: Job, extra: Record<string, string>): Promise<Response> {
  try {
    return await get(wanted, extra, dispatcher, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    throw mayPass(error) || error instanceof GuestkitError ? error : httpError(wanted.url, reasonOf(error), error);
  }
}

/** Where the body goes on: at the end of what is there, or at the start where the server sends all of it. */
function startOf(response: Response, begun: Part | null): number {
  if (response.statusCode !== 206) return 0;
  const range = /^bytes (\d+)-/.exec(headerOf(response.headers, "content-range") ?? "");
  if (begun && Number(range?.[1]) === begun.size) return begun.size;
  throw new Passing("the server answered with another range than asked for");
}

function validators(response: Response): Validators {
  return { etag: headerOf(response.headers, "etag"), modified: headerOf(response.headers, "last-modified") };
}

/** Writes the body to the part, hashing as it streams. Gives the digest of all of it. */
async function receive(job: Job, part: FileHandle, response: Response, from: number): Promise<string> {
  const hash = createHash("sha256");
  if (from > 0) await hashFile(part, hash, job.context.signal);
  const length = headerOf(response.headers, "content-length");
  const total = length === null ? undefined : from + Number(length);
  const size = await drain(job, response, part, hash, from, total);
  if (total !== undefined && size !== total) throw new Passing(`the connection was cut at ${size} of ${total} bytes`);
  await atPlace(job.entry.part, () => part.sync());
  return hash.digest("hex");
}

async function drain(
  { wanted, entry, context }: Job,
  response: Response,
  handle: FileHandle,
  hash: Hash,
  from: number,
  total: number | undefined,
): Promise<number> {
  let at = from;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    context.signal.throwIfAborted();
    if (at + chunk.length > (wanted.most ?? Number.POSITIVE_INFINITY))
      throw httpError(wanted.url, `it has more than ${wanted.most} bytes, and is something else`);
    hash.update(chunk);
    await writeAll(handle, entry.part, chunk, at);
    at += chunk.length;
    context.progress({
      phase: "downloading",
      done: at,
      ...(total !== undefined && { total }),
      unit: "bytes",
      detail: shownAddress(wanted.url),
    });
  }
  return at;
}

/** Feeds an open file to a hash, from its start to its end. */
export async function hashFile(handle: FileHandle, hash: Hash, signal: AbortSignal): Promise<void> {
  const stream = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20, signal });
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
}

async function keep({ wanted, entry, context }: Job, part: FileHandle, response: Response, sha256: string) {
  if (wanted.sha256 !== null && sha256 !== wanted.sha256) {
    await dropPart(entry);
    throw sha256Error(shownAddress(wanted.url), wanted.sha256, sha256);
  }
  await nameByContent(entry, part, sha256, {
    ...validators(response),
    url: addressOf(wanted),
    isPlain: isPlain(wanted),
  });
  await pruneFolder(downloadsFolder(context.settings), UNUSED_MS, false).catch((error: Error) =>
    log("warn", "old downloads are left", { error: error.message }),
  );
}

export function sha256Error(what: string, wanted: string, found: string): GuestkitError {
  return digestError("sha256", what, wanted, found);
}

/** `field` is that of `source` which says what the digest is to be. */
export function digestError(field: string, what: string, wanted: string, found: string): GuestkitError {
  const of = field === "unpacked_sha256" ? "the sha256 of what it holds" : `its ${field}`;
  return new GuestkitError(
    `E_SOURCE_${field.toUpperCase()}`,
    `Cannot use "${what}": ${of} is ${found}, not ${wanted}`,
    {
      at: { field: ["source", field] },
      help: `The file is another one than was meant: check the publisher's checksums, then mend ${field}.`,
    },
  );
}
