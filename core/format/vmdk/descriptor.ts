import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";
import { type ExtentLine, isExtentLine, parseExtentLine } from "./extent-line.ts";
import { damaged } from "./fault.ts";
import { Limit } from "./layout.ts";

/** What a descriptor says of its disk. */
export interface Descriptor {
  /** `monolithicSparse`, `streamOptimized`, ... */
  readonly createType: string;
  /** Changes with each opening for writing. */
  readonly cid: number;
  /** The parent's as it was; null without a parent. */
  readonly parentCid: number | null;
  readonly parentHint: string | null;
  readonly extents: readonly ExtentLine[];
}

/** Bytes of a descriptor in `source` as its meaning. Throws `E_VMDK_DESCRIPTOR`. @param at where they stand in it */
export function parseDescriptor(bytes: Uint8Array, source: ByteSource, at: number): Descriptor {
  const fields = new Map<string, string>();
  const extents: ExtentLine[] = [];
  for (const line of textOf(bytes).split(/\r\n|\n|\r/)) {
    if (isExtentLine(line)) extents.push(parseExtentLine(line, source, at));
    const [, name, value] = /^([A-Za-z]\w*)[ \t]*=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name.toLowerCase(), unquoted(value.trim()));
  }
  if (extents.length > Limit.maxExtents) {
    throw damaged(source, "DESCRIPTOR", at, `its descriptor names ${extents.length} extents`);
  }
  const parent = contentId(fields.get("parentcid") ?? NO_PARENT, source, at);
  return {
    createType: fields.get("createtype") ?? "",
    cid: contentId(fields.get("cid"), source, at),
    parentCid: parent === NO_PARENT_ID ? null : parent,
    parentHint: fields.get("parentfilenamehint") ?? null,
    extents,
  };
}

const NO_PARENT = "ffffffff";
export const NO_PARENT_ID = 0xffffffff;

function contentId(text: string | undefined, source: ByteSource, at: number): number {
  if (text !== undefined && /^[0-9a-fA-F]{1,8}$/.test(text)) return Number.parseInt(text, 16);
  const what = text === undefined ? "has no content id (CID)" : `has the content id "${printable(text)}"`;
  throw damaged(source, "DESCRIPTOR", at, `its descriptor ${what}`);
}

/** It ends at its first NUL, and may say in what its names are written. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  const plain = new TextDecoder().decode(text);
  const encoding = /^[ \t]*encoding[ \t]*=[ \t]*"?([\w-]{1,40})/im.exec(plain)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(encoding).decode(text);
  } catch {
    return plain;
  }
}

const unquoted = (text: string): string => (/^".*"$/.test(text) && text.length > 1 ? text.slice(1, -1) : text);
