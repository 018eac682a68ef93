import { GuestkitError } from "../kit/errors.ts";

/** What an error says besides its code: the thing, what is so of it, and where (bytes from the file system's start). */
export interface Fault {
  readonly thing: string;
  readonly what: string;
  readonly offset?: number | undefined;
  readonly help?: string | undefined;
  readonly cause?: unknown;
}

/** An error of a reader, with its place in the source named `file`. */
export function faultIn(file: string, code: string, { thing, what, offset, help, cause }: Fault): GuestkitError {
  const at = offset === undefined ? { file } : { file, offset };
  return new GuestkitError(code, `Cannot read ${thing}: ${what}`, { help, at, cause });
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Names of set bits: `dirdata`, or `incompat bit 0x40000` where there is none. */
export function featureNames(bits: number, names: Readonly<Record<string, number>>, kind: string): string[] {
  const found: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const mask = (1 << bit) >>> 0;
    if ((bits & mask) >>> 0 === 0) continue;
    found.push(Object.keys(names).find((name) => names[name] === mask) ?? `${kind} bit ${hex(mask)}`);
  }
  return found;
}
