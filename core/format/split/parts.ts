import { GuestkitError } from "../../kit/errors.ts";
import { nameIn } from "../../kit/path.ts";

/** How the parts of a split image are numbered: `disk.raw.001` is number 1 of `disk.raw.`, with three digits. */
export interface Numbering {
  readonly base: string;
  readonly digits: number;
  readonly first: number;
}

const NUMBERED = /^(.+\.)(0+[01])$/;

/** Null where the name is that of no first part. */
export function numberingOf(path: string): Numbering | null {
  const [, base, number] = NUMBERED.exec(nameIn(path)) ?? [];
  if (base === undefined || number === undefined || number.length < 2) return null;
  return { base, digits: number.length, first: Number(number) };
}

/** The name of the part that is `index` behind the first one; null behind the last that can be numbered so. */
export function partName({ base, digits, first }: Numbering, index: number): string | null {
  const number = `${first + index}`;
  return number.length > digits ? null : base + number.padStart(digits, "0");
}

/** Told of what is read as one raw disk by its content alone. */
export const splitNote = (name: string): string | null =>
  numberingOf(name) === null
    ? null
    : `"${name}" has the name of a split image's first part, and is read alone: with those beside it, it is format split (--image-format split)`;

export function split(name: string, part: string, what: string, help: string): GuestkitError {
  return new GuestkitError(`E_SPLIT_${part}`, `Cannot open "${name}" as a split image: ${what}`, {
    at: { file: name },
    help,
  });
}
