import type { EntryHead, Field } from "./fields.ts";

/** Fields of an entry by their names; of one that is there several times all values. */
export type Fields = ReadonlyMap<string, readonly Uint8Array[]>;

/** Which entries are wanted. */
export interface Selection {
  /** `ssh.service`; any of them. */
  readonly units?: readonly string[];
  /** 0 (emerg) to 7 (debug): the first one and the last one that are wanted. */
  readonly priorities?: readonly [first: number, last: number];
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

export function fieldsByName(all: readonly Field[]): Fields {
  const found = new Map<string, Uint8Array[]>();
  for (const { name, value } of all) {
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  return found;
}

/** What can be told before its fields are read. */
export function mayBe({ realtime, bootId }: EntryHead, { since = 0, until = Infinity, boot }: Selection): boolean {
  return realtime >= since && realtime <= until && (boot === undefined || boot === bootId);
}

/** Entries of a unit's processes, and what systemd, or another as root, says of it (journalctl(1), --unit). */
const BY_UNIT = ["_SYSTEMD_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT", "COREDUMP_UNIT"];

export function isWanted(fields: Fields, { units = [], priorities }: Selection): boolean {
  if (priorities && !isBetween(textOf(fields, "PRIORITY"), priorities)) return false;
  return (
    units.length === 0 || BY_UNIT.some((name) => saysOf(fields, name) && units.includes(textOf(fields, name) ?? ""))
  );
}

/** What bears no priority is between none. */
const isBetween = (level: string | null, [first, last]: readonly [number, number]) =>
  level !== null && /^[0-7]$/.test(level) && Number(level) >= first && Number(level) <= last;

/** Only the first process, and root, are believed about others. */
function saysOf(fields: Fields, name: string): boolean {
  if (name === "UNIT") return textOf(fields, "_PID") === "1";
  return name === "_SYSTEMD_UNIT" || textOf(fields, "_UID") === "0";
}
