import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged, unread } from "./fault.ts";
import { SECTOR } from "./layout.ts";

/** A line of a descriptor: a stretch of the disk, and the file that holds it. */
export interface ExtentLine {
  readonly kind: "flat" | "sparse" | "cowd" | "zero";
  /** Bytes of the disk. */
  readonly length: number;
  /** As written; empty where it has none. */
  readonly file: string;
  /** Bytes into the file. */
  readonly offset: number;
}

const KINDS: Readonly<Record<string, ExtentLine["kind"]>> = {
  FLAT: "flat",
  VMFS: "flat",
  SPARSE: "sparse",
  VMFSSPARSE: "cowd",
  ZERO: "zero",
};

const START = /^[ \t]*(?:RW|RDONLY|NOACCESS)[ \t]/;
const LINE = /^[ \t]*(RW|RDONLY|NOACCESS)[ \t]+(\d{1,16})[ \t]+([A-Z]+)(?:[ \t]+"([^"]*)"(?:[ \t]+(\d{1,16}))?)?/;

export const isExtentLine = (line: string): boolean => START.test(line);

/** Throws `E_VMDK_EXTENT`, and `E_VMDK_FEATURE` for one of a kind that is not read. @param at of the descriptor */
export function parseExtentLine(line: string, source: ByteSource, at: number): ExtentLine {
  const shown = printable(line.trim().slice(0, 200));
  const [, access, sectors, type, file = "", offset = "0"] = LINE.exec(line) ?? [];
  if (type === undefined) throw damaged(source, "EXTENT", at, `its descriptor has the line ${shown}`);
  const kind = KINDS[type];
  if (kind === undefined) throw unread(source, `it has an extent of type ${type}, which is not read`);
  if (access === "NOACCESS") throw unread(source, `an extent of it may not be read (${shown})`);
  const [length, start] = [Number(sectors) * SECTOR, Number(offset) * SECTOR];
  const isWhole = Number.isSafeInteger(length) && Number.isSafeInteger(start + length) && length > 0;
  if (isWhole && (kind === "zero" || file !== "")) return { kind, length, file, offset: start };
  throw damaged(source, "EXTENT", at, `its descriptor has the line ${shown}`);
}
