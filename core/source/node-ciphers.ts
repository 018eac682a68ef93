import * as crypto from "node:crypto";
import type { Argon2, BlockCipher, Ciphers, Pbkdf2 } from "./codec.ts";

/** OpenSSL's names where the kernel's are others. */
const HASHES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["sha1", "sha224", "sha256", "sha384", "sha512"].map((name) => [name, name])),
  ...Object.fromEntries(["sha3-224", "sha3-256", "sha3-384", "sha3-512"].map((name) => [name, name])),
  ...{ ripemd160: "ripemd160", rmd160: "ripemd160", "blake2b-512": "blake2b512", "blake2s-256": "blake2s256" },
  ...{ whirlpool: "whirlpool", sm3: "sm3" },
};
const CIPHERS = ["aes", "camellia", "aria", "sm4"];

/** What OpenSSL has of ciphers, hashes and key derivation. */
export const nodeCiphers: Ciphers = {
  blockCipher,
  hash,
  pbkdf2: ({ hash, password, salt, iterations, length }: Pbkdf2) =>
    new Promise((resolve, reject) => {
      crypto.pbkdf2(password, salt, iterations, length, HASHES[hash] ?? hash, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    }),
  // Node 24.7 and later.
  argon2: typeof crypto.argon2 === "function" ? argon2 : null,
};

function hash(name: string): ((data: Uint8Array) => Uint8Array) | null {
  const known = HASHES[name];
  if (known === undefined || !crypto.getHashes().includes(known)) return null;
  return (data) => crypto.hash(known, data, "buffer");
}

/** Without chaining and padding an object keeps nothing from one call to the next: one serves for the whole disk. */
function blockCipher(name: string, key: Uint8Array): BlockCipher | null {
  const known = `${name}-${key.length * 8}-ecb`;
  if (!CIPHERS.includes(name) || !crypto.getCipherInfo(known)) return null;
  const encryption = crypto.createCipheriv(known, key, null).setAutoPadding(false);
  const decryption = crypto.createDecipheriv(known, key, null).setAutoPadding(false);
  return { encrypt: (blocks) => encryption.update(blocks), decrypt: (blocks) => decryption.update(blocks) };
}

function argon2({ variant, password, salt, passes, memory, lanes, length }: Argon2): Promise<Uint8Array> {
  const parameters = { message: password, nonce: salt, parallelism: lanes, tagLength: length, memory, passes };
  return new Promise((resolve, reject) => {
    crypto.argon2(variant, parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
