import { generateKeyPairSync, randomBytes } from "node:crypto";

/** https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key */
const MAGIC = "openssh-key-v1\0";
const TYPE = "ssh-ed25519";
const BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END = "-----END OPENSSH PRIVATE KEY-----";

export interface KeyPair {
  /** The text of a private key file, without a passphrase. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA... comment` */
  readonly publicKey: string;
}

export function makeKeyPair(comment: string): KeyPair {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const point = Buffer.from(x, "base64url");
  const publicBlob = Buffer.concat([string(TYPE), string(point)]);
  const secret = privateSection(Buffer.from(d, "base64url"), point, comment);
  const none = [string("none"), string("none"), string("")];
  const blob = Buffer.concat([Buffer.from(MAGIC), ...none, uint32(1), string(publicBlob), string(secret)]);
  const lines = blob.toString("base64").replace(/.{70}(?=.)/g, "$&\n");
  return {
    privateKey: `${BEGIN}\n${lines}\n${END}\n`,
    publicKey: `${TYPE} ${publicBlob.toString("base64")} ${comment}`,
  };
}

/** The public half, which stands in the clear in a private key file of OpenSSH; null where the text is none. */
export function publicHalf(privateKey: string): string | null {
  const text = privateKey.split(BEGIN)[1]?.split(END)[0];
  if (text === undefined) return null;
  const blob = Buffer.from(text, "base64");
  if (!blob.toString("latin1").startsWith(MAGIC)) return null;
  // Cipher, key derivation and its options stand before the number of keys.
  let at = MAGIC.length;
  for (let skipped = 0; skipped < 3; skipped++) at += 4 + lengthAt(blob, at);
  at += 4;
  const key = blob.subarray(at + 4, at + 4 + lengthAt(blob, at));
  const type = key.subarray(4, 4 + lengthAt(key, 0)).toString("latin1");
  return /^[a-z0-9@.-]+$/.test(type) ? `${type} ${key.toString("base64")}` : null;
}

function privateSection(seed: Uint8Array, point: Uint8Array, comment: string): Buffer {
  const check = randomBytes(4);
  const both = Buffer.concat([seed, point]);
  const body = Buffer.concat([check, check, string(TYPE), string(point), string(both), string(comment)]);
  // Padded to the cipher's blocks of 8 with 1, 2, 3...
  return Buffer.concat([body, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (body.length % 8)) % 8))]);
}

const lengthAt = (blob: Buffer, at: number): number => (at + 4 <= blob.length ? blob.readUInt32BE(at) : 0);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function string(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  return Buffer.concat([uint32(bytes.length), bytes]);
}
