import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { diskFormatOf, type HeadOptions } from "../../build/header.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeCache } from "../../host/whole-file.ts";
import type { Context } from "../../kit/context.ts";
import type { ImageFacts } from "./facts.ts";

/** Raised when facts change their shape: older cached ones are not taken. */
const CACHE_VERSION = 11;

interface Entry {
  readonly version: number;
  /** Each host file that the facts came from, with what tells that it is the same. */
  readonly stamps: readonly (readonly [file: string, stamp: string])[];
  readonly facts: ImageFacts;
}

/**
 * What an image tells. Kept in the cache folder as long as no file of its chain was touched, so that a plan over an
 * unchanged image costs a few `stat`s. Throws what opening the image throws.
 */
export async function imageFacts(path: string, options: HeadOptions, context: Context): Promise<ImageFacts> {
  const format = await diskFormatOf(path, options);
  const place = join(context.settings.cacheDir, "preflight", `${digest(`${format} ${path}`)}.json`);
  const known = await readEntry(place);
  if (known && (await isCurrent(known))) return known.facts;
  // Only now is the whole reader loaded.
  const { gather } = await import("./gather.ts");
  const before = await stampOf(path);
  const { facts, files } = await gather(path, { format, signal: context.signal });
  const stamps = await Promise.all(
    [...new Set([path, ...files])].map(async (file) => [file, await stampOf(file)] as const),
  );
  // Written to meanwhile: what was read may be neither the old nor the new.
  if (stamps[0]?.[1] !== before) return facts;
  const entry: Entry = { version: CACHE_VERSION, stamps, facts };
  await writeCache(place, JSON.stringify(entry));
  return facts;
}

async function readEntry(place: string): Promise<Entry | null> {
  try {
    const entry = JSON.parse((await readKeptText(place)) ?? "null") as Entry;
    return entry.version === CACHE_VERSION ? entry : null;
  } catch {
    return null;
  }
}

async function isCurrent({ stamps }: Entry): Promise<boolean> {
  const now = await Promise.all(stamps.map(([file]) => stampOf(file)));
  return stamps.every(([, stamp], index) => stamp === now[index] && stamp !== "missing");
}

/** Changes whenever a file's content may have. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found ? `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}` : "missing";
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);
