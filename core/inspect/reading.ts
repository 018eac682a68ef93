import { watch } from "../disk/host.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Standing } from "../redo/standing.ts";
import type { ByteSource } from "../source/source.ts";
import type { Disk, OpenOptions } from "./disk.ts";
import { openWatched } from "./open.ts";

/** How often an image is opened that others change all the while, and the pause before the second time (ms; doubled). */
const ATTEMPTS = 6;
const PAUSE = 50;

/**
 * To be called before each piece of what was read goes out: throws where the image was changed since it was opened, so that
 * nothing torn gets out. What has gone out cannot be taken back: the image is not opened anew after it.
 */
export type Output = () => void;

/** What is done with an image: again from the start where that was changed meanwhile. */
export type Use<T> = (disk: Disk, output: Output) => Promise<T>;

/** Hears of a value that counts, with what the files that it came from were like: see `Standing.stamps`. */
export type Settle<T> = (value: T, stamps: ReturnType<Standing["stamps"]>) => Promise<void>;

/**
 * Opens an image and hands it to `use`, so that whoever reads while another changes sees the old or the new: where the
 * image, its record, its redo log or a parent is another at the end (or at a failure), all is done anew. A machine that
 * writes is told as a warning, and does not count. Throws what opening and `use` throw, and `E_IMAGE_CHANGING`.
 */
export async function reading<T>(
  image: string | ByteSource,
  options: OpenOptions,
  use: Use<T>,
  settle: Settle<T> = async () => {},
): Promise<T> {
  if (typeof image !== "string") return await useOnce(image, options, use, undefined);
  for (let left = ATTEMPTS, pause = PAUSE; ; left--, pause *= 2) {
    const outcome = await attempt(image, options, use, settle);
    if ("value" in outcome) return outcome.value;
    options.signal?.throwIfAborted();
    if (outcome.hasBegun || left === 1) throw changing(image, outcome.cause);
    await new Promise((resume) => setTimeout(resume, pause));
  }
}

/** A value that counts, or why none does. */
type Outcome<T> = { readonly value: T } | { readonly hasBegun: boolean; readonly cause: unknown };

async function attempt<T>(image: string, options: OpenOptions, use: Use<T>, settle: Settle<T>): Promise<Outcome<T>> {
  const standing = await watch();
  let hasBegun = false;
  const output = () => {
    if (standing.hasChanged()) throw changing(image, undefined);
    hasBegun = true;
  };
  try {
    const value = await useOnce(image, options, (disk) => use(disk, output), standing);
    if (standing.hasChanged()) return { hasBegun, cause: undefined };
    await settle(value, standing.stamps());
    return { value };
  } catch (cause) {
    if (!standing.hasChanged() || (hasBegun && !(cause instanceof GuestkitError))) throw cause;
    return { hasBegun, cause };
  }
}

async function useOnce<T>(
  image: string | ByteSource,
  options: OpenOptions,
  use: (disk: Disk, output: Output) => Promise<T>,
  standing: Standing | undefined,
): Promise<T> {
  await using disk = await openWatched(image, options, standing);
  return await use(disk, () => {});
}

function changing(image: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_IMAGE_CHANGING", `Cannot read "${image}": it is being changed meanwhile`, {
    ...(cause !== undefined && { cause }),
    at: { file: image },
    help: "Wait until that is done (guestkit progress shows what guestkit changes), then read it again.",
  });
}
