import { GuestkitError } from "../kit/errors.ts";
import { type Binary, isAscii } from "./binary.ts";

/** Blocks of tar (IEEE Std 1003.1-2017, pax, "ustar Interchange Format"). */
export const BLOCK = 512;

/** Type flags of ustar and pax. */
export const FLAG = {
  file: "0",
  link: "1",
  symlink: "2",
  char: "3",
  block: "4",
  directory: "5",
  fifo: "6",
  extended: "x",
} as const;

export interface Member {
  readonly flag: string;
  readonly path: Binary;
  readonly linkPath: Binary;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow the header. */
  readonly size: number;
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  readonly device: { readonly major: number; readonly minor: number } | null;
}

/** Extended header records; values as raw bytes. */
export type Records = [keyword: string, value: Binary][];

const NAME_LENGTH = 100;
/** What 7 and 11 octal digits hold. */
const MAX_ID = 0o7777777;
const MAX_OCTAL = 0o77777777777;

/** What the plain header cannot carry, with `more` behind it. `charset` tells of names that are no UTF-8. */
export function recordsOf(member: Member, more: Records): Records {
  const { path, linkPath, size, uid, gid, mtime } = member;
  const records: Records = [];
  if (!fitsName(path)) records.push(["path", path]);
  if (!fitsName(linkPath)) records.push(["linkpath", linkPath]);
  if (size > MAX_OCTAL) records.push(["size", String(size)]);
  if (uid > MAX_ID) records.push(["uid", String(uid)]);
  if (gid > MAX_ID) records.push(["gid", String(gid)]);
  if (mtime.nanoseconds > 0 || mtime.seconds < 0 || mtime.seconds > MAX_OCTAL) records.push(["mtime", decimal(mtime)]);
  records.push(...more);
  return records;
}

function fitsName(name: Binary): boolean {
  return name.length <= NAME_LENGTH && isAscii(name);
}

/** Seconds with their fraction; nanoseconds count forward from the second below, for negative ones too. */
export function decimal({ seconds, nanoseconds }: Member["mtime"]): string {
  if (nanoseconds === 0) return String(seconds);
  const fraction = (of: number) => String(of).padStart(9, "0").replace(/0+$/, "");
  if (seconds >= 0) return `${seconds}.${fraction(nanoseconds)}`;
  const whole = -(seconds + 1);
  return `-${whole}.${fraction(1e9 - nanoseconds)}`;
}

/** `length keyword=value\n`, the length counting itself. */
export function encodeRecords(records: Records): Binary {
  return records.map(([keyword, value]) => encodeRecord(keyword, value)).join("");
}

function encodeRecord(keyword: string, value: Binary): Binary {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return `${length}${rest}`;
}

/** Writes the ustar header at `offset` of zeroed bytes; what does not fit is cut, an extended header holds it. */
export function writeHeader(member: Member, target: Uint8Array, offset: number): void {
  const { device, mtime } = member;
  const sum =
    name(member.path, target, offset) +
    octal(member.mode & 0o7777, 7, target, offset + 100) +
    octal(Math.min(member.uid, MAX_ID), 7, target, offset + 108) +
    octal(Math.min(member.gid, MAX_ID), 7, target, offset + 116) +
    octal(Math.min(member.size, MAX_OCTAL), 11, target, offset + 124) +
    octal(Math.max(0, Math.min(mtime.seconds, MAX_OCTAL)), 11, target, offset + 136) +
    text(member.flag, target, offset + 156) +
    name(member.linkPath, target, offset + 157) +
    text("ustar\x0000", target, offset + 257) +
    octal(checkedDevice(device?.major ?? 0), 7, target, offset + 329) +
    octal(checkedDevice(device?.minor ?? 0), 7, target, offset + 337);
  // The sum of all bytes, its own field counted as spaces.
  octal(sum + 8 * SPACE, 6, target, offset + 148);
  target[offset + 155] = SPACE;
}

const SPACE = 32;
const ZERO = 48;

/** Whatever writes a field gives the sum of its bytes. */
function text(field: Binary, target: Uint8Array, at: number): number {
  let sum = 0;
  for (let index = 0; index < field.length; index++) {
    const byte = field.charCodeAt(index);
    target[at + index] = byte;
    sum += byte;
  }
  return sum;
}

/** In its place a stand-in for readers that know no extended headers. */
function name(full: Binary, target: Uint8Array, at: number): number {
  const cut = full.length > NAME_LENGTH ? full.slice(0, NAME_LENGTH) : full;
  return text(isAscii(cut) ? cut : cut.replace(/[^\x20-\x7e]/g, "_"), target, at);
}

function checkedDevice(number: number): number {
  if (number <= MAX_ID) return number;
  throw new GuestkitError("E_TAR_DEVICE", `Cannot archive a device: its number ${number} is past ${MAX_ID}`);
}

/** Ten digits are what fits into 32 bits: the rest of `value` is the one before them. */
function octal(value: number, digits: number, target: Uint8Array, at: number): number {
  let sum = digits * ZERO;
  let rest = value | 0;
  for (let index = digits - 1, left = 10; index >= 0; index--, left--) {
    if (left === 0) rest = Math.floor(value / 2 ** 30);
    const digit = rest & 7;
    target[at + index] = ZERO + digit;
    sum += digit;
    rest >>>= 3;
  }
  return sum;
}
