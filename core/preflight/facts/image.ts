import { join, resolve } from "node:path";
import { diskFormatOf, type HeadOptions } from "../../build/header.ts";
import { keepAnswer, keptAnswer } from "../../host/kept-answer.ts";
import { stampOf } from "../../host/stamp.ts";
import type { KnownImage } from "../../inspect/index.ts";
import type { Context } from "../../kit/context.ts";
import type { ImageFacts } from "./facts.ts";

/** Raised when facts change their shape: older cached ones are not taken. */
const CACHE_VERSION = 13;

export interface FactsOptions extends HeadOptions {
  /** Further disks of the machine, in its order. */
  readonly with?: readonly KnownImage[];
}

/**
 * What an image tells. Kept in the cache folder as long as no file of its chain was touched, so that a plan over an
 * unchanged image costs a few `stat`s; a machine that runs on it is no reason to look again. Throws what opening the image
 * throws.
 */
export async function imageFacts(
  path: string,
  { with: others = [], ...options }: FactsOptions,
  context: Context,
): Promise<ImageFacts> {
  const format = await diskFormatOf(path, options);
  const folder = join(context.settings.cacheDir, "preflight");
  const question = { folder, files: [], key: [CACHE_VERSION, format, resolve(path), others] };
  const known = await keptAnswer<ImageFacts>(question);
  if (known) return known;
  // Only now is the whole reader loaded.
  const { gather } = await import("./gather.ts");
  const stamps = () => [path, ...others.map((each) => each.path)].map(stampOf).join();
  const [before, looked] = [stamps(), performance.now()];
  const { facts, files } = await gather(path, { format, with: others, signal: context.signal });
  // Written to meanwhile: what was read may be neither the old nor the new.
  if (stamps() !== before) return facts;
  const stamped = [...new Set([path, ...files])].map((file) => [file, stampOf(file)] as const);
  await keepAnswer(question, { stamps: { files: stamped, age: performance.now() - looked }, answer: facts });
  return facts;
}
