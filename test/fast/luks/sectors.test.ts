import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sectorCipher } from "../../../core/luks/index.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { encipher, noise } from "../../support/luks.ts";

const at = { name: "disk" };
const ciphers = await nodeHost.ciphers();

describe("sectors are what OpenSSL makes of them one by one", () => {
  it.each([
    ["aes-xts-plain64", 32],
    ["aes-xts-plain64", 64],
    ["aes-xts-plain", 64],
    ["aes-xts-plain64be", 64],
    ["aes-xts-essiv:sha256", 64],
    ["aes-cbc-essiv:sha256", 32],
    ["aes-cbc-essiv:sha256", 16],
    ["aes-cbc-plain64", 24],
    ["aes-cbc-plain", 32],
    ["camellia-cbc-plain64", 32],
    ["aria-cbc-essiv:sha256", 32],
    ["aes-ecb", 16],
  ])("%s with a key of %i bytes", (encryption, keyBytes) => {
    const key = noise(keyBytes, keyBytes);
    for (const sectorSize of [512, 1024, 4096]) {
      // Past one batch, and where the number needs more than 32 bits.
      for (const [length, number] of [
        [sectorSize, 0],
        [260 << 10, 8],
        [8 * sectorSize, 2 ** 33 - 8],
        [4 * sectorSize, 2 ** 32 - 8],
      ] as const) {
        const plain = noise(length, length);
        const stored = encipher(plain, { encryption, key, sectorSize, number });
        // Not at the start of its memory: nothing may count on that.
        const shifted = new Uint8Array(stored.length + 1).subarray(1);
        shifted.set(stored);
        const cipher = sectorCipher(at, ciphers, encryption, key, sectorSize);
        const found = new Uint8Array(plain.length);
        cipher.decrypt(shifted, number, found);
        expect(Buffer.compare(found, plain)).toBe(0);
        cipher.decrypt(shifted, number, shifted);
        expect(Buffer.compare(shifted, plain)).toBe(0);
      }
    }
  });

  it("camellia in xts: two ciphers as IEEE 1619 puts them together", () => {
    const key = noise(1, 64);
    const plain = noise(2, 16);
    const ecb = (part: Uint8Array, block: Uint8Array) =>
      createCipheriv("camellia-256-ecb", part, null).setAutoPadding(false).update(block);
    const tweak = ecb(key.subarray(32), Uint8Array.of(5, ...new Uint8Array(15)));
    const xor = (block: Uint8Array) => block.map((byte, place) => byte ^ (tweak[place] ?? 0));
    const sector = new Uint8Array(512);
    sector.set(xor(ecb(key.subarray(0, 32), xor(plain))));
    const found = new Uint8Array(512);
    sectorCipher(at, ciphers, "camellia-xts-plain64", key, 512).decrypt(sector, 5, found);
    expect(Buffer.from(found.subarray(0, 16))).toEqual(Buffer.from(plain));
  });

  it.each([
    ["serpent-xts-plain64", 64, "its cipher is serpent (serpent-xts-plain64) with a key of 256 bits"],
    ["twofish-cbc-essiv:sha256", 32, "its cipher is twofish"],
    ["aes-xts-plain64", 20, "its cipher is aes (aes-xts-plain64) with a key of 80 bits"],
    ["aes-ctr-plain64", 32, "modes that are known are xts, cbc, ecb"],
    ["aes-lrw-benbi", 32, "modes that are known"],
    ["aes-cbc-essiv:tiger", 32, "the initial vectors essiv:tiger are not there"],
    ["aes-cbc-eboiv", 32, "the initial vectors eboiv are not there"],
    ["xchacha20,aes-adiantum-plain64", 32, "modes that are known"],
    ["cipher_null-ecb", 32, "its cipher is cipher_null"],
  ])("%s is refused by name", (encryption, keyBytes, why) => {
    expect(() => sectorCipher(at, ciphers, encryption, noise(1, keyBytes), 512)).toThrow(
      expect.objectContaining({ code: "E_LUKS_CIPHER", message: expect.stringContaining(why) }),
    );
  });
});
