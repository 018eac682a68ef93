import type { Image } from "../format/index.ts";
import { waysTo } from "../source/source.ts";
import { redoState } from "./state.ts";

/** An image as it is to be read: through the log of a change that is not finished yet. */
export interface ReadThrough {
  /** Null where the image itself is what it holds. */
  readonly image: Image | null;
  readonly warnings: readonly string[];
}

/**
 * What a reader of the image at `target`, beside which something like a redo log lies, is to be shown and told. A log that
 * does not count is told, and the image itself is read.
 */
export async function readThrough(target: string, signal: AbortSignal): Promise<ReadThrough> {
  const state = await redoState(target, signal);
  if (state.kind === "none") return { image: null, warnings: [] };
  if (state.kind === "refused") {
    const { message, help } = state.error;
    return { image: null, warnings: [`${message}: the image is read without it. ${help ?? ""}`.trim()] };
  }
  const { log } = state.redo;
  // What the image says of itself is its own, every way to its bytes is the log's.
  const { peek: _, readInto: __, extent: ___, ...own } = log.image.backing?.image ?? log.image;
  const underWay = `"${target}": a change was cut off and is not finished yet: it is read as it will be`;
  const image: Image = {
    ...own,
    size: log.image.size,
    ...waysTo(log.image),
    warnings: [...own.warnings, underWay],
    [Symbol.asyncDispose]: async () => state.redo[Symbol.asyncDispose](),
  };
  return { image, warnings: [] };
}
