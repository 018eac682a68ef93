import type { Decoded, Fields, Struct } from "../../kit/struct.ts";
import type { Timestamp } from "../filesystem.ts";
import {
  childLink,
  compressedFile,
  deviceNumber,
  PART_CONTINUE,
  PART_CURRENT,
  PART_PARENT,
  PART_ROOT,
  posixAttributes,
  TIME_ACCESS,
  TIME_ATTRIBUTES,
  TIME_CREATION,
  TIME_LONG_FORM,
  TIME_MODIFY,
} from "./layout.ts";
import type { IsoRecord } from "./record.ts";
import { damaged, type SystemUseEntry, systemUse } from "./system-use.ts";
import { longTime, shortTime } from "./time.ts";
import type { IsoVolume } from "./volume.ts";

/** What Rock Ridge tells of a file; null where it is silent. */
export interface RockRidge {
  readonly name: Uint8Array | null;
  readonly posix: { readonly mode: number; readonly links: number; readonly uid: number; readonly gid: number } | null;
  readonly device: { readonly major: number; readonly minor: number } | null;
  readonly link: Uint8Array | null;
  /** Byte where the directory starts for which this record only holds the place (its tree was too deep). */
  readonly child: number | null;
  /** The record is where such a directory was moved to, and is not listed. */
  readonly relocated: boolean;
  readonly times: Readonly<Record<"modify" | "access" | "attributes" | "creation", Timestamp | null>>;
  /** Size before compression (zisofs). */
  readonly uncompressed: number | null;
  readonly sparse: boolean;
}

const encoder = new TextEncoder();
const DOT = encoder.encode(".");
const DOT_DOT = encoder.encode("..");
const SLASH = encoder.encode("/");

/** Reads a record's Rock Ridge entries. Throws `E_ISO9660_SUSP`. */
export async function readRockRidge(volume: IsoVolume, record: IsoRecord, skip: number): Promise<RockRidge> {
  const entries = await systemUse(volume, record, skip);
  const all = (signature: string) => entries.filter((each) => each.signature === signature).map((each) => each.data);
  const first = <F extends Fields>(signature: string, shape: Struct<F>): Decoded<F> | null => {
    const [data] = all(signature);
    if (data && data.length < shape.size) throw damaged(volume, record, `its ${signature} entry is cut short`);
    return data ? shape.decode(data) : null;
  };
  const child = first("CL", childLink);
  const device = first("PN", deviceNumber);
  return {
    name: nameOf(all("NM")),
    posix: first("PX", posixAttributes),
    device: device && deviceOf(device.high, device.low),
    link: linkOf(volume, record, all("SL")),
    child: child && child.block * volume.blockSize,
    relocated: has(entries, "RE"),
    times: timesOf(volume, record, all("TF")),
    uncompressed: first("ZF", compressedFile)?.size ?? null,
    sparse: has(entries, "SF"),
  };
}

const has = (entries: readonly SystemUseEntry[], signature: string) =>
  entries.some((each) => each.signature === signature);

function nameOf(entries: readonly Uint8Array[]): Uint8Array | null {
  const parts: Uint8Array[] = [];
  for (const data of entries) {
    const flags = data[4] ?? 0;
    if (flags & PART_CURRENT) parts.push(DOT);
    else if (flags & PART_PARENT) parts.push(DOT_DOT);
    else parts.push(data.subarray(5));
    if (!(flags & PART_CONTINUE)) break;
  }
  return parts.length === 0 ? null : join(parts);
}

/** Old images put both numbers into the low half, as the kernel knows. */
function deviceOf(high: number, low: number): NonNullable<RockRidge["device"]> {
  return high === 0 && low > 255 ? { major: low >>> 8, minor: low & 0xff } : { major: high, minor: low };
}

/** Components, each with its kind, its length and whether it goes on in the next one. */
function linkOf(volume: IsoVolume, record: IsoRecord, entries: readonly Uint8Array[]): Uint8Array | null {
  if (entries.length === 0) return null;
  const parts: Uint8Array[] = [];
  let separate = false;
  for (const data of entries) {
    for (let at = 5; at < data.length; ) {
      const [flags = 0, length = 0] = data.subarray(at, at + 2);
      const end = at + 2 + length;
      if (at + 2 > data.length || end > data.length) throw damaged(volume, record, "its link is cut short");
      if (separate) parts.push(SLASH);
      parts.push(component(flags, data.subarray(at + 2, end)));
      // The root is the slash itself.
      separate = !(flags & (PART_CONTINUE | PART_ROOT));
      at = end;
    }
  }
  return join(parts);
}

function component(flags: number, text: Uint8Array): Uint8Array {
  if (flags & PART_ROOT) return SLASH;
  if (flags & PART_CURRENT) return DOT;
  return flags & PART_PARENT ? DOT_DOT : text;
}

function timesOf(volume: IsoVolume, record: IsoRecord, entries: readonly Uint8Array[]): RockRidge["times"] {
  const found: { -readonly [K in keyof RockRidge["times"]]: Timestamp | null } = {
    modify: null,
    access: null,
    attributes: null,
    creation: null,
  };
  for (const data of entries) {
    const flags = data[4] ?? 0;
    const size = flags & TIME_LONG_FORM ? 17 : 7;
    let at = 5;
    for (const [bit, kind] of KINDS) {
      if (!(flags & bit)) continue;
      if (at + size > data.length) throw damaged(volume, record, "its times are cut short");
      const raw = data.subarray(at, at + size);
      found[kind] = size === 17 ? longTime(raw) : shortTime(raw);
      at += size;
    }
  }
  return found;
}

/** In the order in which they stand. */
const KINDS = [
  [TIME_CREATION, "creation"],
  [TIME_MODIFY, "modify"],
  [TIME_ACCESS, "access"],
  [TIME_ATTRIBUTES, "attributes"],
] as const;

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
