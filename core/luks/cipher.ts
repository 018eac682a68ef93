import type { BlockCipher, Ciphers } from "../source/codec.ts";
import { lacking, type Named } from "./fault.ts";
import { cbc, ecb, type Ivs, isLittleEndian, type SectorCipher, xts } from "./sectors.ts";

/**
 * What `aes-xts-plain64` and its like mean, as dm-crypt takes them: cipher, mode, and how a sector's number becomes its
 * initial vector. Throws `E_LUKS_CIPHER` for what is not known, or not there.
 */
export function sectorCipher(
  source: Named,
  ciphers: Ciphers,
  encryption: string,
  key: Uint8Array,
  sectorSize: number,
): SectorCipher {
  const [name = "", mode = "cbc", ...rest] = encryption.split("-");
  // Without more dm-crypt takes "aes" for aes-cbc-plain.
  const iv = rest.length > 0 ? rest.join("-") : mode === "ecb" ? "null" : "plain";
  const block = (part: Uint8Array): BlockCipher => {
    const found = ciphers.blockCipher(name, part);
    if (found) return found;
    throw lacking(
      source,
      `its cipher is ${name} (${encryption}) with a key of ${part.length * 8} bits, which is not there`,
    );
  };
  if (mode === "xts" && !isLittleEndian) throw lacking(source, `${encryption} is not read on a big-endian processor`);
  if (mode === "xts" && key.length % 2 === 0) {
    const half = key.length / 2;
    const ivs = ivsOf(source, ciphers, { name, iv, key, encryption });
    return xts(block(key.subarray(0, half)), block(key.subarray(half)), ivs, sectorSize);
  }
  if (mode === "cbc") return cbc(block(key), ivsOf(source, ciphers, { name, iv, key, encryption }), sectorSize);
  if (mode === "ecb") return ecb(block(key));
  throw lacking(source, `its cipher is ${encryption}, and modes that are known are xts, cbc, ecb`);
}

interface Parts {
  readonly name: string;
  readonly iv: string;
  readonly key: Uint8Array;
  readonly encryption: string;
}

function ivsOf(source: Named, ciphers: Ciphers, { name, iv, key, encryption }: Parts): Ivs {
  if (iv === "plain") return (...numbers) => plain(...numbers, 2 ** 32);
  if (iv === "plain64") return plain;
  if (iv === "plain64be") return plain64be;
  const [kind, hashName = ""] = iv.split(":");
  const hash = kind === "essiv" ? ciphers.hash(hashName) : null;
  const salt = hash && ciphers.blockCipher(name, hash(key));
  if (salt) return (...numbers) => salt.encrypt(plain(...numbers));
  throw lacking(source, `its cipher is ${encryption}, and the initial vectors ${iv} are not there`);
}

/** The number, lowest byte first; of `plain` its lower 32 bits alone. */
function plain(number: number, count: number, step: number, modulus = 2 ** 64): Uint8Array {
  const vectors = new Uint8Array(count * 16);
  const view = new DataView(vectors.buffer);
  for (let index = 0, each = number % modulus; index < count; index++, each = (each + step) % modulus) {
    view.setUint32(index * 16, each, true);
    if (each >= 2 ** 32) view.setUint32(index * 16 + 4, each / 2 ** 32, true);
  }
  return vectors;
}

/** The same, highest byte first, at the vector's end. */
function plain64be(number: number, count: number, step: number): Uint8Array {
  const vectors = new Uint8Array(count * 16);
  const view = new DataView(vectors.buffer);
  for (let index = 0; index < count; index++) view.setBigUint64(index * 16 + 8, BigInt(number + index * step));
  return vectors;
}
