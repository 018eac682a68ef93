import { fileSystemKindOf } from "../filesystem/index.ts";
import { recognise } from "../filesystem/recognise.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import { openVolumes } from "../volume/index.ts";
import { stackKindOf } from "./device.ts";

/** As far as any table or file system begins. */
const HEAD = 68 << 10;

/**
 * Whether a plain disk holds anything that is known: a partition table, a file system, something else that has a name, or
 * nothing at all. What is damaged is known as well.
 */
export async function holdsKnown(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(HEAD, source.size));
  if (head.every((byte) => byte === 0)) return true;
  try {
    if (await openVolumes(source)) return true;
    if ((await fileSystemKindOf(source)) || (await stackKindOf(source))) return true;
    return (await recognise(source)) !== null;
  } catch (error) {
    if (error instanceof GuestkitError) return true;
    throw error;
  }
}

/** What is told of a plain disk of unknown content. */
export const unknownNote = (name: string): string =>
  `"${name}" is taken for a raw disk, and holds nothing that is known: no partition table, no file system`;
