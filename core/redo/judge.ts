import { createHash } from "node:crypto";
import { type FileHandle, stat } from "node:fs/promises";
import { basename } from "node:path";
import { openImage } from "../format/index.ts";
import { imageHost } from "../host/image-host.ts";
import { fileId } from "../host/image-record.ts";
import { distrust } from "../host/trust.ts";
import type { GuestkitError } from "../kit/errors.ts";
import { openedSource, openFileSource } from "../source/file.ts";
import { memorySource } from "../source/memory.ts";
import { nodeHost } from "../source/node.ts";
import type { ByteSource } from "../source/source.ts";
import { windowSource } from "../source/window.ts";
import { type Announcement, readAnnouncement } from "./announcement.ts";
import { bothWays, dropOnly, dropOrOwn, refusal } from "./fault.ts";
import { type Log, openLog } from "./log.ts";
import { redoPath } from "./place.ts";
import { foreignSector } from "./sectors.ts";

/** A redo log that counts, open: what was judged is what is committed. */
export interface BindingRedo extends AsyncDisposable {
  readonly file: FileHandle;
  readonly announced: Announcement;
  readonly log: Log;
}

/**
 * Tells whether an open redo log counts: the record announced it, it belongs to whom the image belongs to, and the image
 * holds nothing but what the log was made over and the log's own. The file belongs to the answer, not where this throws.
 * Throws `E_REDO_FOREIGN`, `E_REDO_UNANNOUNCED`, `E_REDO_IMAGE`, `E_REDO_HEADER`, `E_REDO_STALE`.
 */
export async function judge(target: string, file: FileHandle, signal: AbortSignal): Promise<BindingRedo> {
  const announced = await demandAnnounced(target, file, signal);
  const whole = await openedSource(file, redoPath(target));
  const log = await openOver(target, whole, announced);
  try {
    await demandUntouched(target, whole, log, announced, signal);
  } catch (error) {
    await log[Symbol.asyncDispose]();
    throw error;
  }
  const close = async () => {
    await log[Symbol.asyncDispose]();
    await file.close();
  };
  return { file, announced, log, [Symbol.asyncDispose]: close };
}

async function demandAnnounced(target: string, file: FileHandle, signal: AbortSignal): Promise<Announcement> {
  const [found, image] = await Promise.all([file.stat(), stat(target, { bigint: true })]);
  const why = distrust(found, Number(image.uid));
  if (why !== null) throw refusal(target, "FOREIGN", `is not to be believed: ${why}`, dropOrOwn(target));
  // Read only now: a log gets its name after it was announced.
  const announced = await readAnnouncement(target);
  const isAnnounced = announced?.size === found.size && announced.sha256 === (await digestOf(file, found.size, signal));
  if (!isAnnounced) throw await unannounced(target, file, announced);
  if (announced.image === fileId(image)) return announced;
  throw refusal(target, "IMAGE", "was made over another file than lies there now", bothWays(target));
}

async function digestOf(file: FileHandle, size: number, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const stream = file.createReadStream({ start: 0, end: size - 1, autoClose: false, highWaterMark: 1 << 20, signal });
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** An older release announced nothing: its logs are told from what is no overlay of this image. */
async function unannounced(target: string, file: FileHandle, announced: Announcement | null): Promise<GuestkitError> {
  const why = announced ? "is not the one that the image's record announced" : "was announced by no record";
  const parent = await parentOf(target, file).catch(() => null);
  const isOverlay = parent === target || parent === `./${basename(target)}`;
  return refusal(target, "UNANNOUNCED", why, isOverlay ? bothWays(target) : dropOnly(target));
}

async function parentOf(target: string, file: FileHandle): Promise<string | null> {
  const blank = await openImage(memorySource(new Uint8Array(0)), nodeHost, { format: "raw" });
  await using log = await openLog(await openedSource(file, redoPath(target)), blank);
  return log.image.backing?.name ?? null;
}

async function openOver(target: string, whole: ByteSource, { format, length }: Announcement): Promise<Log> {
  const image = await openImage(await openFileSource(target), imageHost(), { format });
  return openLog(windowSource(whole, 0, length), image);
}

async function demandUntouched(
  target: string,
  whole: ByteSource,
  log: Log,
  { length, old_size, new_size }: Announcement,
  signal: AbortSignal,
): Promise<void> {
  const now = log.image.backing?.image ?? log.image;
  const written = "is stale: the image was written to since it was made";
  if (now.size !== old_size && now.size !== new_size) throw refusal(target, "STALE", written, bothWays(target));
  const digests = await whole.read(length, whole.size - length);
  const foreign = () => foreignSector(log, now, digests, signal);
  // A commit that is under way may be seen in the middle of a sector: what is foreign stays so.
  const at = (await foreign()) === null ? null : await foreign();
  if (at !== null) throw refusal(target, "STALE", `${written} (byte ${at})`, bothWays(target));
}
