import { expect, it } from "vitest";
import { decodeArmour } from "../../../core/build/signature.ts";
import { fc } from "../../support/property.ts";

const armoured = (bytes: Uint8Array, end = "\n") =>
  [
    "-----BEGIN PGP SIGNATURE-----",
    "Comment: x",
    "",
    ...(Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? []),
    "=abcd",
    "-----END PGP SIGNATURE-----",
    "",
  ].join(end);

it("gives the bytes of every block, whatever stands between, and other bytes as they are", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 3 }),
      fc.constantFrom("\n", "\r\n"),
      (blocks, end) => {
        const text = blocks.map((each) => `words\n${armoured(each, end)}`).join("");
        expect(decodeArmour(Buffer.from(text))).toEqual(Buffer.concat(blocks));
      },
    ),
  );
  const plain = Buffer.from([0x99, 1, 2, 10, 3]);
  expect(decodeArmour(plain)).toBe(plain);
});

it("takes no block that has no end, or no blank line behind its headers", () => {
  for (const text of [
    "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n",
    "-----BEGIN PGP SIGNATURE-----\nAAAA\n-----END PGP SIGNATURE-----\n",
  ]) {
    expect(decodeArmour(Buffer.from(text)).toString()).toBe(text);
  }
});
