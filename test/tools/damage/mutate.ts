import type { Random } from "../../support/random.ts";
import { type Field, getField, type Structure, setField } from "./structure.ts";

/** An image to damage. */
export interface Target {
  readonly bytes: Uint8Array;
  /** By kind, so that one inode table does not hide a single superblock. */
  readonly structures: ReadonlyMap<string, readonly Structure[]>;
}

export interface Mutation {
  /** What was done, for whoever replays it. */
  readonly steps: readonly string[];
  /** Whether checksums were mended after it. */
  readonly mended: boolean;
  /** Stretches that changed; null where the image was cut. */
  readonly changed: readonly { readonly at: number; readonly length: number }[] | null;
  /** Bytes that are left of the image. */
  readonly length: number;
}

/** Changes one to three fields of structures in use and mends their checksums. */
export function mutateFields({ bytes, structures }: Target, random: Random): Mutation {
  const steps: string[] = [];
  const changed: { at: number; length: number }[] = [];
  const kinds = [...structures.keys()];
  for (let left = pickCount(random); left > 0; left--) {
    const peers = structures.get(random.pick(kinds)) ?? [];
    const structure = random.pick(peers);
    if (structure.fields.length === 0) continue;
    const field = random.pick(structure.fields);
    const before = getField(bytes, field);
    const value = BigInt.asUintN(field.size * 8, chooseValue(bytes, structure, field, peers, random));
    setField(bytes, field, value);
    structure.mend(bytes);
    changed.push({ at: field.at, length: field.size });
    steps.push(`${structure.name} ${field.name} @${field.at}: ${before} -> ${value}`);
  }
  return { steps, changed, mended: true, length: bytes.length };
}

function pickCount(random: Random): number {
  return random.below(4) === 0 ? 2 + random.below(2) : 1;
}

function chooseValue(
  image: Uint8Array,
  structure: Structure,
  field: Field,
  peers: readonly Structure[],
  random: Random,
): bigint {
  const bits = BigInt(field.size * 8);
  const now = getField(image, field);
  const top = 1n << (bits - 1n);
  const peer = random.pick(peers);
  const twin = peer.fields.find(({ name, size }) => name === field.name && size === field.size) ?? field;
  const choices: readonly (() => bigint)[] = [
    () => 0n,
    () => 1n,
    () => 2n * top - 1n,
    () => 2n * top - 2n,
    () => top,
    () => top - 1n,
    () => now + 1n,
    () => now - 1n,
    () => now * 2n,
    () => now ^ (1n << BigInt(random.below(Number(bits)))),
    () => now ^ (1n << BigInt(random.below(Number(bits)))),
    () => getField(image, twin),
    () => getField(image, random.pick(structure.fields)),
    () => BigInt(random.pick(structure.tempting.length > 0 ? structure.tempting : [7])),
    () => BigInt(random.pick(structure.tempting.length > 0 ? structure.tempting : [7])),
    () => BigInt(random.u32()),
    () => BigInt(random.below(256)),
  ];
  return random.pick(choices)();
}

/** Damage as disks and transfers make it: flipped bits, noise, zeros, blocks in the wrong place, a missing end. */
export function mutateBytes({ bytes }: Target, live: readonly number[], random: Random): Mutation {
  const at = () => random.pick(live) + random.below(LIVE);
  const kind = random.below(10);
  if (kind === 0) return cut(bytes, random);
  const steps: string[] = [];
  const changed: { at: number; length: number }[] = [];
  const apply = (what: string, start: number, content: (index: number) => number, length: number) => {
    const end = Math.min(bytes.length, start + length);
    for (let index = start; index < end; index++) bytes[index] = content(index);
    changed.push({ at: start, length: end - start });
    steps.push(`${what} ${start}..${end}`);
  };
  const count = kind < 6 ? 1 + random.below(3) : 1;
  for (let left = count; left > 0; left--) {
    const start = at();
    if (kind < 4) apply("flip a bit in", start, (index) => (bytes[index] ?? 0) ^ (1 << random.below(8)), 1);
    else if (kind < 6) apply("noise in", start, () => random.below(256), 1 + random.below(8));
    else if (kind === 6) apply("noise in", start, () => random.below(256), 1 << random.below(12));
    else if (kind === 7) apply("zeros in", start & ~511, () => 0, 512 << random.below(4));
    else if (kind === 8) apply("ones in", start & ~511, () => 0xff, 512 << random.below(3));
    else {
      const from = at() & ~511;
      const copy = bytes.slice(from, from + 1024);
      const to = start & ~511;
      apply(`bytes of ${from} in`, to, (index) => copy[index - to] ?? 0, copy.length);
    }
  }
  return { steps, changed, mended: false, length: bytes.length };
}

function cut(bytes: Uint8Array, random: Random): Mutation {
  const whole = bytes.length;
  const length = random.below(4) === 0 ? random.below(4096) : random.below(whole);
  return { steps: [`cut to ${length} of ${whole}`], changed: null, mended: false, length };
}

const LIVE = 64;

/** Starts of the pieces that are not all zeros. */
export function livePieces(bytes: Uint8Array): number[] {
  const starts = Array.from({ length: Math.floor(bytes.length / LIVE) }, (_, index) => index * LIVE);
  return starts.filter((start) => bytes.subarray(start, start + LIVE).some((byte) => byte !== 0));
}
