import type { Eventual } from "../../kit/eventual.ts";
import type { ByteSource } from "../../source/source.ts";
import { Windows } from "../../source/windows.ts";

/** Where a journal's objects are read from. */
export interface Objects {
  readonly name: string;
  readonly isCompact: boolean;
  /** Where the last object ends at most. */
  readonly end: number;
  /** What it gives holds until the next is asked for. */
  read(offset: number, length: number): Eventual<Uint8Array>;
}

/** Bytes read at once, and how many such are kept: the fields of one entry lie here and there. */
const WINDOW = 16 << 10;
const WINDOWS = 256;

export function openObjects(source: ByteSource, what: Pick<Objects, "isCompact" | "end">): Objects {
  const windows = new Windows(source, WINDOW, WINDOWS);
  return { ...what, name: source.name, read: (offset, length) => windows.read(offset, length) };
}
