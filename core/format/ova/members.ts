import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";
import { isTarHeader } from "../no-disk.ts";
import { damaged } from "./fault.ts";
import { BLOCK, Limit, TarHeader, Type } from "./layout.ts";

/** A member of an archive: where its bytes lie. */
export interface Member {
  /** Without `./` in front. */
  readonly name: string;
  /** Bytes into the archive. */
  readonly offset: number;
  readonly size: number;
  /** A plain file: no folder, no link, none with holes left out. */
  readonly isFile: boolean;
}

/** What extended headers say of the next member. */
interface Said {
  readonly path?: string;
  readonly size?: number;
  readonly isSparse?: boolean;
}

/** The members of a tar in its order; none of their bytes is read. Throws `E_OVA_TAR`. */
export async function readMembers(source: ByteSource): Promise<readonly Member[]> {
  const members: Member[] = [];
  let said: Said = {};
  for (let at = 0, headers = 0; at + BLOCK <= source.size; headers++) {
    if (headers === Limit.headers) throw damaged(source, "TAR", at, `it has more than ${Limit.headers} headers`);
    const block = await source.read(at, BLOCK);
    if (block.every((byte) => byte === 0)) break;
    if (!isTarHeader(block)) throw damaged(source, "TAR", at, "what should be a header of its tar is none");
    const header = TarHeader.decode(block);
    const type = String.fromCharCode(header.typeflag);
    const size = said.size ?? sizeOf(header.size);
    const offset = at + BLOCK;
    if (size === null || offset + size > source.size) {
      throw damaged(
        source,
        "TAR",
        at,
        `its member "${printable(header.name)}" ends past the archive's end (${source.size})`,
      );
    }
    if (isOfNext(type)) said = { ...said, ...(await readSaid(source, type, offset, size)) };
    else {
      const isFile = Type.file.some((each) => each === type) && !said.isSparse;
      members.push({ name: nameOf(header, said), offset, size, isFile });
      said = {};
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

const isOfNext = (type: string): boolean =>
  type === Type.extended || type === Type.global || type === Type.longName || type === Type.longLink;

function nameOf({ name, prefix, magic }: Header, { path }: Said): string {
  const whole = path ?? (magic === "ustar" && prefix !== "" ? `${prefix}/${name}` : name);
  return whole.replace(/^(?:\.\/)+/, "");
}

type Header = ReturnType<typeof TarHeader.decode>;

/** Octal digits, or a number of 11 bytes behind a byte of 0x80. */
function sizeOf(field: Uint8Array): number | null {
  if (field[0] === 0x80) {
    const size = field.slice(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(size) ? size : null;
  }
  const digits = String.fromCharCode(...field)
    .replace(/\0.*$/s, "")
    .trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

async function readSaid(source: ByteSource, type: string, offset: number, size: number): Promise<Said> {
  if (type === Type.global || type === Type.longLink) return {};
  if (size > Limit.extended) throw damaged(source, "TAR", offset, `it has an extended header of ${size} bytes`);
  const bytes = await source.read(offset, size);
  if (type === Type.longName) return { path: text(bytes).replace(/\0.*$/s, "") };
  return parseExtended(bytes);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Lines of `LENGTH KEY=VALUE`, each as long as it says. What is none of that ends them. */
export function parseExtended(bytes: Uint8Array): Said {
  let said: Said = {};
  for (let at = 0; at < bytes.length; ) {
    const [, digits] = /^(\d{1,7}) /.exec(String.fromCharCode(...bytes.subarray(at, at + 8))) ?? [];
    const length = Number(digits);
    if (digits === undefined || length <= digits.length + 1 || at + length > bytes.length) break;
    const line = text(bytes.subarray(at + digits.length + 1, at + length - 1));
    said = { ...said, ...ofLine(line) };
    at += length;
  }
  return said;
}

function ofLine(line: string): Said {
  const end = line.indexOf("=");
  const [key, value] = [line.slice(0, end), line.slice(end + 1)];
  if (key === "path") return { path: value };
  if (key === "size" && /^\d{1,15}$/.test(value)) return { size: Number(value) };
  return key.startsWith("GNU.sparse.") ? { isSparse: true } : {};
}
