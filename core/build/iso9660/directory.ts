import { both16, both32, join, SECTOR, SHORT_DATE, sectors } from "./fields.ts";

/** A directory record's parts; places in sectors, sizes in bytes. */
export interface RecordParts {
  readonly name: Uint8Array;
  readonly start: number;
  readonly size: number;
  readonly directory?: boolean;
  readonly systemUse?: Uint8Array;
}

/** ECMA-119 9.1: a record has an even length, and so has what stands before its system use area. */
export function directoryRecord({ name, start, size, directory, systemUse }: RecordParts): Uint8Array {
  const use = systemUse ?? new Uint8Array();
  const padding = name.length % 2 === 0 ? [0] : [];
  const length = 33 + name.length + padding.length + use.length;
  const end = length % 2 === 0 ? [] : [0];
  return join(
    [length + end.length, 0],
    both32(start),
    both32(size),
    SHORT_DATE,
    [directory ? 2 : 0, 0, 0],
    both16(1),
    [name.length],
    name,
    padding,
    use,
    end,
  );
}

/** Records one after the other, none over a sector's end; whole sectors. */
export function packRecords(records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const record of records) {
    const left = SECTOR - (at % SECTOR);
    const gap = record.length > left ? left : 0;
    parts.push(new Uint8Array(gap), record);
    at += gap + record.length;
  }
  return join(...parts, new Uint8Array(sectors(at) * SECTOR - at));
}

/** ECMA-119 9.4: the only entry of a path table, the root's. */
export const pathTable = (start: readonly number[], parent: readonly number[]): Uint8Array =>
  join([1, 0], start, parent, [0, 0]);
export const PATH_TABLE_SIZE = 10;
