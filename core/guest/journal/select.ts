import type { EntryHead } from "./file.ts";

/** Fields of an entry by their names; of one that is there several times all values. */
export type Fields = ReadonlyMap<string, readonly Uint8Array[]>;

/** Which entries are wanted. */
export interface Selection {
  /** `ssh.service`; any of them. */
  readonly units?: readonly string[];
  /** 0 (emerg) to 7 (debug): as important as that, or more. */
  readonly priority?: number;
  /** Microseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  /** 32 hexadecimal digits. */
  readonly boot?: string | undefined;
}

const decoder = new TextDecoder();

export function textOf(fields: Fields, name: string): string | null {
  const [value] = fields.get(name) ?? [];
  return value ? decoder.decode(value) : null;
}

const EQUALS = 0x3d;

/** Fields of the longest names there are have 64 bytes in them. */
const MAX_NAME = 64;

export function fieldsByName(raw: readonly Uint8Array[]): Fields {
  const found = new Map<string, Uint8Array[]>();
  for (const each of raw) {
    const end = each.indexOf(EQUALS);
    if (end <= 0 || end > MAX_NAME) continue;
    const name = decoder.decode(each.subarray(0, end));
    const values = found.get(name);
    if (values) values.push(each.subarray(end + 1));
    else found.set(name, [each.subarray(end + 1)]);
  }
  return found;
}

/** What can be told before its fields are read. */
export function mayBe({ realtime, bootId }: EntryHead, { since = 0, until = Infinity, boot }: Selection): boolean {
  return realtime >= since && realtime <= until && (boot === undefined || boot === bootId);
}

/** Entries of a unit's processes, and what systemd, or another as root, says of it (journalctl(1), --unit). */
const BY_UNIT = ["_SYSTEMD_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT", "COREDUMP_UNIT"];

export function isWanted(fields: Fields, { units = [], priority = 7 }: Selection): boolean {
  const level = textOf(fields, "PRIORITY");
  if (priority < 7 && (level === null || Number(level) > priority)) return false;
  return (
    units.length === 0 || BY_UNIT.some((name) => saysOf(fields, name) && units.includes(textOf(fields, name) ?? ""))
  );
}

/** Only the first process, and root, are believed about others. */
function saysOf(fields: Fields, name: string): boolean {
  if (name === "UNIT") return textOf(fields, "_PID") === "1";
  return name === "_SYSTEMD_UNIT" || textOf(fields, "_UID") === "0";
}
