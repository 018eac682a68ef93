import { hexOf } from "../../kit/struct.ts";
import { readId } from "./key.ts";
import { BLOCK_GROUP, CHUNK, STRIPE_LEN, STRIPE_SIZE } from "./layout.ts";

/** How the copies and stripes of a chunk lie. */
export type Profile = "single" | "dup" | "raid0" | "raid1" | "raid1c3" | "raid1c4" | "raid10" | "raid5" | "raid6";

export interface Stripe {
  readonly devid: number;
  /** Bytes from the device's start. */
  readonly offset: number;
  /** The device's UUID in hex. */
  readonly device: string;
}

/** Addresses `[start, start + length)` of the file system, and where they lie. */
export interface Chunk {
  readonly start: number;
  /** Bytes. */
  readonly length: number;
  readonly profile: Profile;
  readonly stripes: readonly Stripe[];
  /** Copies of each byte; 1 with parity. */
  readonly copies: number;
  /** Devices of a row that hold parity. */
  readonly parity: number;
}

interface Rule {
  readonly bit: number;
  readonly copies: number;
  readonly parity: number;
  /** How many stripes there may be. */
  readonly least: number;
  readonly most: number;
}

const MANY = 0xffff;
const RULES: Readonly<Record<Exclude<Profile, "single">, Rule>> = {
  dup: { bit: BLOCK_GROUP.dup, copies: 2, parity: 0, least: 2, most: 2 },
  raid0: { bit: BLOCK_GROUP.raid0, copies: 1, parity: 0, least: 1, most: MANY },
  raid1: { bit: BLOCK_GROUP.raid1, copies: 2, parity: 0, least: 2, most: 2 },
  raid1c3: { bit: BLOCK_GROUP.raid1c3, copies: 3, parity: 0, least: 3, most: 3 },
  raid1c4: { bit: BLOCK_GROUP.raid1c4, copies: 4, parity: 0, least: 4, most: 4 },
  raid10: { bit: BLOCK_GROUP.raid10, copies: 2, parity: 0, least: 2, most: MANY },
  raid5: { bit: BLOCK_GROUP.raid5, copies: 1, parity: 1, least: 2, most: MANY },
  raid6: { bit: BLOCK_GROUP.raid6, copies: 1, parity: 2, least: 3, most: MANY },
};
const SINGLE: Rule = { bit: 0, copies: 1, parity: 0, least: 1, most: 1 };
const PROFILE_BITS = Object.values(RULES).reduce((all, { bit }) => all | bit, 0);

/** The chunk that begins at `start`, whose item stands at `at` of `view` and has `size` bytes; text says what is wrong. */
export function decodeChunk(
  start: number,
  view: DataView,
  at: number,
  size: number,
  sectorsize: number,
): Chunk | string {
  if (size < CHUNK.stripes + STRIPE_SIZE) return `it has ${size} bytes`;
  const count = view.getUint16(at + CHUNK.num_stripes, true);
  if (size !== CHUNK.stripes + count * STRIPE_SIZE) return `it has ${size} bytes for ${count} stripes`;
  const length = readId(view, at + CHUNK.length);
  const end = start + length;
  if (start < 0 || length <= 0 || !Number.isSafeInteger(end)) return `it is ${length} bytes long`;
  if (start % sectorsize !== 0 || length % sectorsize !== 0) return "it begins or ends within a sector";
  if (readId(view, at + CHUNK.stripe_len) !== STRIPE_LEN) return "its stripes are not 64 KiB wide";
  const bits = view.getUint32(at + CHUNK.type, true) & PROFILE_BITS;
  const profile =
    bits === 0 ? "single" : (Object.keys(RULES) as (keyof typeof RULES)[]).find((name) => RULES[name].bit === bits);
  if (profile === undefined) return `its profile is 0x${bits.toString(16)}`;
  const { copies, parity, least, most } = profile === "single" ? SINGLE : RULES[profile];
  if (count < least || count > most) return `it has ${count} stripes as ${profile}`;
  const sub = view.getUint16(at + CHUNK.sub_stripes, true);
  if (profile === "raid10" && (sub !== 2 || count % 2 !== 0)) return `it has ${count} stripes, ${sub} a mirror`;
  const stripes = Array.from({ length: count }, (_, index) => stripeAt(view, at + CHUNK.stripes + index * STRIPE_SIZE));
  if (stripes.some(({ offset }) => offset < 0 || !Number.isSafeInteger(offset))) return "a stripe lies past 2^53";
  return { start, length, profile, stripes, copies, parity };
}

function stripeAt(view: DataView, at: number): Stripe {
  const uuid = new Uint8Array(view.buffer, view.byteOffset + at + 16, 16);
  return { devid: readId(view, at), offset: readId(view, at + 8), device: hexOf(uuid) };
}

/** A piece of one stripe. */
export interface Piece {
  readonly stripe: Stripe;
  /** Bytes from the device's start. */
  readonly offset: number;
  /** Bytes from there that are the chunk's next ones. */
  readonly length: number;
}

/** Where byte `within` of a chunk is in copy `copy`, and how far it goes on there. Not for parity. */
export function locate(chunk: Chunk, within: number, copy: number): Piece {
  const { stripes, profile, length } = chunk;
  if (profile !== "raid0" && profile !== "raid10") {
    const stripe = stripes[copy] as Stripe;
    return { stripe, offset: stripe.offset + within, length: length - within };
  }
  const row = Math.floor(within / STRIPE_LEN);
  const width = stripes.length / chunk.copies;
  const stripe = stripes[(row % width) * chunk.copies + copy] as Stripe;
  const inside = within % STRIPE_LEN;
  return {
    stripe,
    offset: stripe.offset + Math.floor(row / width) * STRIPE_LEN + inside,
    length: Math.min(STRIPE_LEN - inside, length - within),
  };
}
