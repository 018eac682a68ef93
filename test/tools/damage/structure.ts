/** A number in a structure that is in use. */
export interface Field {
  readonly name: string;
  /** Bytes from the image's start. */
  readonly at: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly big: boolean;
}

/** A structure of the image: its fields, and how its checksums are made right again after a change. */
export interface Structure {
  /** Structures of one kind are chosen together: `inode`, `L2 table`. */
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly Field[];
  /** Numbers that mean something there: its own block (a loop), another's. */
  readonly tempting: readonly number[];
  readonly mend: (image: Uint8Array) => void;
}

/** `[offset, size]` by name, from `base` on. */
export function fieldsAt(
  base: number,
  layout: Readonly<Record<string, readonly [number, Field["size"]]>>,
  big = false,
): Field[] {
  return Object.entries(layout).map(([name, [offset, size]]) => ({ name, at: base + offset, size, big }));
}

/** A field for each word of a stretch. */
export function words(name: string, start: number, end: number, size: Field["size"], big = false): Field[] {
  return Array.from({ length: Math.max(0, Math.floor((end - start) / size)) }, (_, index) => ({
    name: `${name}+${index * size}`,
    at: start + index * size,
    size,
    big,
  }));
}

export const noMend = (): void => {};

export function getField(image: Uint8Array, { at, size, big }: Field): bigint {
  let value = 0n;
  for (let index = 0; index < size; index++) {
    value = (value << 8n) | BigInt(image[at + (big ? index : size - 1 - index)] ?? 0);
  }
  return value;
}

export function setField(image: Uint8Array, { at, size, big }: Field, value: bigint): void {
  for (let index = 0; index < size; index++) {
    const shift = BigInt(8 * (big ? size - 1 - index : index));
    image[at + index] = Number((value >> shift) & 0xffn);
  }
}
