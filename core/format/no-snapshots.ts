import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import type { OpenContext } from "./format.ts";

/** Throws `E_<FORMAT>_SNAPSHOT` where an internal snapshot is asked for of a format that has none. */
export function refuseSnapshot({ name }: ByteSource, { snapshot }: OpenContext, format: string): void {
  if (snapshot === undefined) return;
  const message = `Cannot open snapshot "${snapshot}" of "${name}": ${format} images have none`;
  throw new GuestkitError(`E_${format.toUpperCase()}_SNAPSHOT`, message, {
    at: { file: name },
    help: "Leave the snapshot out: such an image holds one state alone.",
  });
}
