/** LUKS for tests: content enciphered by OpenSSL's own modes, sector by sector, and headers that say what a test wants. */
import { createCipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { nodeHost } from "../../core/source/node.ts";
import type { ByteSource } from "../../core/source/source.ts";
import { luks } from "../../core/volume/luks/index.ts";
import type { StackContext, StackedDevice } from "../../core/volume/stack.ts";
import { Random } from "./random.ts";

export const secretOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export function noise(seed: number, length: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

/** Opens the container that a source holds, as the disk does; throws what hinders. */
export async function openContainer(
  source: ByteSource,
  keys: readonly string[],
  platform: Partial<StackContext> = {},
): Promise<{ device: StackedDevice; warnings: readonly string[] }> {
  const context = { ...nodeHost, arrayNumber: () => 127, keys: async () => keys.map(secretOf), ...platform };
  const group = await luks.assemble([await luks.read({ device: "/dev/sda2", source })], context);
  const { devices, warnings } = await group.open();
  const [device] = devices;
  if (!device?.source) throw device?.error ?? new Error("no device");
  return { device, warnings };
}

/** All bytes, of an opened container; throws what hindered. */
export async function contentOf({ source, error, size }: StackedDevice): Promise<Uint8Array> {
  if (!source) throw error;
  return source.read(0, size);
}

export interface Sectors {
  readonly encryption: string;
  readonly key: Uint8Array;
  readonly sectorSize?: number;
  /** Of the first sector, in units of 512 bytes. */
  readonly number?: number;
}

/** Enciphers sector by sector. */
export function encipher(plain: Uint8Array, { encryption, key, sectorSize = 512, number = 0 }: Sectors): Uint8Array {
  const [name = "", mode = "", iv = ""] = encryption.split("-");
  const bits = (mode === "xts" ? key.length / 2 : key.length) * 8;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < plain.length; at += sectorSize) {
    const vector = mode === "ecb" ? null : vectorOf(iv, key, name, number + at / 512);
    // OpenSSL has xts of aes alone: of others it is put together here.
    const cipher = createCipheriv(`${name}-${bits}-${mode}`, key, vector).setAutoPadding(false);
    pieces.push(cipher.update(plain.subarray(at, at + sectorSize)), cipher.final());
  }
  return Buffer.concat(pieces);
}

function vectorOf(iv: string, key: Uint8Array, name: string, number: number): Uint8Array {
  const vector = Buffer.alloc(16);
  if (iv === "plain64be") vector.writeBigUInt64BE(BigInt(number), 8);
  else vector.writeBigUInt64LE(iv === "plain" ? BigInt(number) & 0xffffffffn : BigInt(number));
  if (!iv.startsWith("essiv:")) return vector;
  const salt = createHash(iv.slice(6)).update(key).digest();
  return createCipheriv(`${name}-${salt.length * 8}-ecb`, salt, null)
    .setAutoPadding(false)
    .update(vector);
}

export interface Made {
  readonly plain: Uint8Array;
  readonly passphrase: string;
  readonly encryption?: string;
  readonly sectorSize?: number;
  readonly keyBytes?: number;
  readonly number?: number;
  /** Changes the metadata before it is summed. */
  readonly change?: (metadata: Metadata) => void;
}

// biome-ignore lint/suspicious/noExplicitAny: tests put anything anywhere in it
export type Metadata = any;

const HEADER = 16_384;
const AREA = 32_768;
const DATA = 1 << 20;
const STRIPES = 8;

/** A LUKS2 container with one slot by PBKDF2, small and cheap: the data at 1 MiB. */
export function makeLuks2(made: Made): Uint8Array {
  const { plain, passphrase, encryption = "aes-xts-plain64", sectorSize = 512, keyBytes = 64, number = 0 } = made;
  const key = noise(7, keyBytes);
  const bytes = new Uint8Array(DATA + plain.length);
  bytes.set(encipher(plain, { encryption, key, sectorSize, number }), DATA);
  const salt = noise(8, 32);
  const derived = pbkdf2Sync(passphrase, salt, 1000, keyBytes, "sha256");
  const material = new Uint8Array(Math.ceil((keyBytes * STRIPES) / 512) * 512);
  material.set(splitKey(key, STRIPES));
  bytes.set(encipher(material, { encryption, key: derived }), AREA);
  const base64 = (each: Uint8Array) => Buffer.from(each).toString("base64");
  const pbkdf2 = { type: "pbkdf2", hash: "sha256", iterations: 1000, salt: base64(salt) };
  const metadata: Metadata = {
    keyslots: {
      0: {
        ...{ type: "luks2", key_size: keyBytes, af: { type: "luks1", stripes: STRIPES, hash: "sha256" } },
        area: { type: "raw", offset: String(AREA), size: "4096", encryption, key_size: keyBytes },
        kdf: pbkdf2,
      },
    },
    tokens: { 0: { type: "systemd-tpm2", keyslots: ["0"] } },
    segments: {
      0: {
        ...{ type: "crypt", offset: String(DATA), size: "dynamic", iv_tweak: String(number), encryption },
        sector_size: sectorSize,
      },
    },
    digests: {
      0: {
        ...{ ...pbkdf2, keyslots: ["0"], segments: ["0"] },
        digest: base64(pbkdf2Sync(key, salt, 1000, 32, "sha256")),
      },
    },
    config: { json_size: String(HEADER - 4096), keyslots_size: "16384" },
  };
  made.change?.(metadata);
  writeHeaders(bytes, typeof metadata.raw === "string" ? metadata.raw : JSON.stringify(metadata));
  return bytes;
}

/** A LUKS1 container with one slot, small and cheap: the data at 1 MiB. */
export function makeLuks1({ plain, passphrase }: Pick<Made, "plain" | "passphrase">): Uint8Array {
  const key = noise(7, 64);
  const bytes = new Uint8Array(DATA + plain.length);
  const header = Buffer.from(bytes.buffer, 0, 592);
  header.write("LUKS\xba\xbe", 0, "latin1");
  header.writeUInt16BE(1, 6);
  for (const [at, name] of [
    [8, "aes"],
    [40, "xts-plain64"],
    [72, "sha256"],
    [168, "0123abcd-1111-4222-8333-444455556666"],
  ] as const) {
    header.write(name, at);
  }
  header.writeUInt32BE(DATA / 512, 104);
  header.writeUInt32BE(64, 108);
  const salt = noise(8, 32);
  header.set(pbkdf2Sync(key, salt, 1000, 20, "sha256"), 112);
  header.set(salt, 132);
  header.writeUInt32BE(1000, 164);
  for (let slot = 0; slot < 8; slot++) {
    const at = 208 + slot * 48;
    header.writeUInt32BE(slot === 2 ? 0x00ac71f3 : 0xdead, at);
    header.writeUInt32BE(slot === 2 ? 1000 : 0, at + 4);
    if (slot === 2) header.set(salt, at + 8);
    header.writeUInt32BE((AREA >> 9) + slot, at + 40);
    header.writeUInt32BE(STRIPES, at + 44);
  }
  const derived = pbkdf2Sync(passphrase, salt, 1000, 64, "sha256");
  bytes.set(encipher(splitKey(key, STRIPES), { encryption: "aes-xts-plain64", key: derived }), AREA + 1024);
  bytes.set(encipher(plain, { encryption: "aes-xts-plain64", key }), DATA);
  return bytes;
}

/** Both headers, summed; the second of them `older` by so much. */
export function writeHeaders(bytes: Uint8Array, json: string, sequence: readonly [number, number] = [3, 3]): void {
  for (const [index, offset] of [0, HEADER].entries()) {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset + offset, HEADER).fill(0);
    view.write(index === 0 ? "LUKS\xba\xbe" : "SKUL\xba\xbe", 0, "latin1");
    view.writeUInt16BE(2, 6);
    view.writeBigUInt64BE(BigInt(HEADER), 8);
    view.writeBigUInt64BE(BigInt(sequence[index] ?? 0), 16);
    view.write("made", 24);
    view.write("sha256", 72);
    view.write("0123abcd-1111-4222-8333-444455556666", 168);
    view.writeBigUInt64BE(BigInt(offset), 256);
    view.write(json, 4096);
    sumHeader(bytes, offset);
  }
}

/** Mends the checksum of the header at `offset`. */
export function sumHeader(bytes: Uint8Array, offset: number): void {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset + offset, HEADER);
  header.fill(0, 448, 512);
  createHash("sha256").update(header).digest().copy(header, 448);
}

/** Stripes of noise, and the one that makes them the key. */
function splitKey(key: Uint8Array, stripes: number): Uint8Array {
  const all = noise(9, key.length * stripes);
  let state = new Uint8Array(key.length);
  for (let index = 0; index < stripes - 1; index++) {
    const at = index * key.length;
    state = diffused(state.map((byte, place) => byte ^ (all[at + place] ?? 0)));
  }
  all.set(
    key.map((byte, place) => byte ^ (state[place] ?? 0)),
    key.length * (stripes - 1),
  );
  return all;
}

function diffused(state: Uint8Array): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < state.length; at += 32) {
    const piece = state.subarray(at, at + 32);
    const number = Buffer.alloc(4);
    number.writeUInt32BE(at / 32);
    pieces.push(createHash("sha256").update(number).update(piece).digest().subarray(0, piece.length));
  }
  return new Uint8Array(Buffer.concat(pieces));
}
