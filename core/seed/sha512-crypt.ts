import { createHash, randomInt } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";

/** crypt(3)'s SHA-512. Spec: https://www.akkadia.org/drepper/SHA-crypt.txt */
const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** The rounds that a hash is of where it does not say. */
export const USUAL_ROUNDS = 5000;
const DIGEST_BYTES = 64;
/** Rounds after which others get their turn: some milliseconds. */
const PIECE = 2000;

export interface CryptOptions {
  readonly rounds: number;
  /** Up to 16 of `./0-9A-Za-z`. */
  readonly salt: string;
  readonly signal?: AbortSignal;
}

/** `$6$SALT$HASH`, which says its rounds where they are not the usual ones. Throws the signal's reason. */
export async function sha512Crypt(password: string, { rounds, salt, signal }: CryptOptions): Promise<string> {
  const [key, seasoning] = [Buffer.from(password), Buffer.from(salt)];
  // Each as long as what it stands for, whatever that is.
  const keys = filled(hash(...Array<Buffer>(key.length).fill(key)), key.length);
  let digest = firstDigest(key, seasoning);
  const salts = filled(hash(...Array<Buffer>(16 + (digest[0] ?? 0)).fill(seasoning)), seasoning.length);
  for (let round = 0; round < rounds; round++) {
    if (round % PIECE === 0) {
      await breathe();
      signal?.throwIfAborted();
    }
    digest = nextDigest(digest, round, keys, salts);
  }
  const cost = rounds === USUAL_ROUNDS ? "" : `rounds=${rounds}$`;
  return `$6$${cost}${salt}$${spell(digest)}`;
}

/** 16 characters: 96 bits. */
export const randomSalt = (): string => Array.from({ length: 16 }, () => ALPHABET[randomInt(64)]).join("");

const hash = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((all, part) => all.update(part), createHash("sha512")).digest();

/** The digest again and again, up to `length` bytes. */
const filled = (digest: Buffer, length: number): Buffer => Buffer.alloc(length, digest);

/** The key with its salt, and then by each bit of the key's length a digest or the key. */
function firstDigest(key: Buffer, salt: Buffer): Buffer {
  const other = hash(key, salt, key);
  const parts = [key, salt, filled(other, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? other : key);
  return hash(...parts);
}

function nextDigest(digest: Buffer, round: number, keys: Buffer, salts: Buffer): Buffer {
  const isOdd = round % 2 === 1;
  const parts = [isOdd ? keys : digest];
  if (round % 3 !== 0) parts.push(salts);
  if (round % 7 !== 0) parts.push(keys);
  return hash(...parts, isOdd ? digest : keys);
}

/** Three bytes, 21 apart and in turn, are four characters; the last byte is two. */
function spell(digest: Buffer): string {
  let text = "";
  for (let group = 0; group < 21; group++) {
    const order = [group, group + 21, group + 42];
    const [high, middle, low] = order.map((_, at) => digest[order[(group + at) % 3] ?? 0] ?? 0);
    text += characters(((high ?? 0) << 16) | ((middle ?? 0) << 8) | (low ?? 0), 4);
  }
  return text + characters(digest[DIGEST_BYTES - 1] ?? 0, 2);
}

/** Six bits a character, the lowest first. */
function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, at) => ALPHABET[(value >> (6 * at)) & 63]).join("");
}
