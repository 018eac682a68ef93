import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";

/**
 * An image that does not hold together, `E_QCOW2_<part>`.
 * @param offset bytes into the file where that is seen
 */
export function damaged(source: ByteSource, part: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_QCOW2_${part}`, `Cannot read "${source.name}": ${what}`, {
    at: { file: source.name, offset },
    help: `The image is damaged or cut short: see what else is wrong with qemu-img check "${source.name}"`,
  });
}

/** Throws `E_QCOW2_<part>` unless `[offset, offset + length)` is aligned and lies within the file. */
export function checkRange(
  source: ByteSource,
  part: string,
  what: string,
  range: { offset: number; length: number; alignment: number; at: number },
): void {
  const { offset, length, alignment, at } = range;
  const place = `${what} at 0x${offset.toString(16)}`;
  if (offset % alignment !== 0) throw damaged(source, part, at, `${place} is not aligned to ${alignment} bytes`);
  if (offset + length <= source.size) return;
  throw damaged(source, part, at, `${place} (${length} bytes) ends past the file's end (${source.size})`);
}

/** A file that the image names and that cannot be opened: `E_IMAGE_BACKING`. */
export function unopened(source: ByteSource, role: string, name: string, cause: unknown): GuestkitError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GuestkitError("E_IMAGE_BACKING", `Cannot open the ${role} "${name}" of "${source.name}": ${why}`, {
    at: { file: source.name },
    cause,
    help:
      role === "backing file"
        ? `Put it back, or point the image at it: qemu-img rebase -u -b FILE -F FORMAT "${source.name}"`
        : `Put it back, or point the image at it: qemu-img amend -o data_file=FILE "${source.name}"`,
  });
}
