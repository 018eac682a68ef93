import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";

/** A stretch of a file that a header or table names; `at` is where it does. */
export interface NamedRange {
  readonly offset: number;
  readonly length: number;
  readonly alignment: number;
  readonly at: number;
}

/** How a format says that an image does not hold together. */
export interface Faults {
  /** `E_<FORMAT>_<part>`. @param offset bytes into the file where that is seen */
  damaged(source: ByteSource, part: string, offset: number, what: string): GuestkitError;
  /** Throws it unless `[offset, offset + length)` is aligned and lies within the file. */
  checkRange(source: ByteSource, part: string, what: string, range: NamedRange): void;
}

const checked = (name: string): string => `see what else is wrong with qemu-img check "${name}"`;

/** Those of one format. @param format as in codes: `QCOW2`; `next` is what to do about a damaged image of a name */
export function faultsOf(format: string, next: (name: string) => string = checked): Faults {
  const damaged: Faults["damaged"] = (source, part, offset, what) =>
    new GuestkitError(`E_${format}_${part}`, `Cannot read "${source.name}": ${what}`, {
      at: { file: source.name, offset },
      help: `The image is damaged or cut short: ${next(source.name)}`,
    });
  return {
    damaged,
    checkRange: (source, part, what, { offset, length, alignment, at }) => {
      const place = `${what} at 0x${offset.toString(16)}`;
      if (offset % alignment !== 0) throw damaged(source, part, at, `${place} is not aligned to ${alignment} bytes`);
      if (offset + length <= source.size) return;
      throw damaged(source, part, at, `${place} (${length} bytes) ends past the file's end (${source.size})`);
    },
  };
}
