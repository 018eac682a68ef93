import { expect, it } from "vitest";
import { readKeys } from "../../../core/kit/keys.ts";
import { withoutSecrets } from "../../../core/kit/secrets.ts";
import { UNKNOWN } from "../../../core/model/value.ts";

const SECRET = "a passphrase of keys.test";

it("takes passphrases and files, and leaves out what is null, empty or not known yet", () => {
  expect(readKeys({ a: { passphrase: SECRET, file: "/k" }, b: { file: "/l", passphrase: null } })).toEqual({
    a: [SECRET, { file: "/k" }],
    b: [{ file: "/l" }],
  });
  expect(readKeys({ sda2: { file: "/k", header: "/h" }, sdb: { header: "/i" } })).toEqual({
    sda2: [{ file: "/k" }, { header: "/h" }],
    sdb: [{ header: "/i" }],
  });
  for (const none of [null, undefined, UNKNOWN]) {
    expect(readKeys(none)).toBeNull();
    expect(readKeys({ "*": none })).toEqual({ "*": [] });
    expect(readKeys({ "*": { passphrase: none, file: "" } })).toEqual({ "*": [] });
  }
  expect(withoutSecrets(`opened by ${SECRET}`)).not.toContain(SECRET);
});

it.each([
  ["a list of keys", [SECRET]],
  ["a key that is a text", { "*": SECRET }],
  ["a field of another name", { "*": { passphrase: "x", pass: SECRET } }],
  ["a passphrase in a list", { "*": { passphrase: [SECRET] } }],
  ["a passphrase that is a number, as YAML takes digits", { "*": { passphrase: 12345678 } }],
  ["a header of any device", { "*": { passphrase: SECRET, header: "/h" } }],
  ["a file that is none", { "*": { file: { path: SECRET } } }],
])("refuses %s instead of going without, and repeats nothing of it", (_, value) => {
  const refusal = expect.objectContaining({
    code: "E_KEYS",
    message: expect.not.stringMatching(/a passphrase of|1234/),
    help: expect.not.stringMatching(/a passphrase of|1234/),
  });
  expect(() => readKeys(value)).toThrow(refusal);
});
