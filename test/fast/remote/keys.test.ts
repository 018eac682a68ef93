import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keysFrom } from "../../../core/host/key-file.ts";
import { type Keys, readKeys } from "../../../core/kit/keys.ts";
import { keysThere } from "../../../core/remote/keys.ts";
import { keysIn } from "../../../core/rpc/keys.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("keys-there");
const [laptop, host] = [join(dir, "laptop"), join(dir, "host")];
/** No text: a key file may be random bytes. */
const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);
await mkdir(laptop);
await mkdir(host);
await writeFile(join(laptop, "disk.key"), BYTES);
await writeFile(join(host, "disk.key"), "another one of the same name");

/** What an engine on the host opens devices by, where keys were declared here: what goes over is JSON. */
const arrived = async (declared: unknown) => {
  const sent = JSON.parse(JSON.stringify(await keysThere(readKeys(declared) as Keys, laptop)));
  return keysFrom(keysIn(sent) as Keys, host);
};

it("takes a key file where it was declared, byte by byte, beside a passphrase", async () => {
  const [file, absolute] = ["disk.key", join(laptop, "disk.key")];
  expect(await arrived({ "*": { file }, sda2: { passphrase: "correct horse", file: absolute } })).toEqual({
    "*": [BYTES],
    sda2: ["correct horse", BYTES],
  });
});

it("takes several of one kind for a device, in their order", async () => {
  const many: Keys = { sda2: ["old", "new", { file: "disk.key" }, BYTES], "*": ["any"] };
  const sent = JSON.parse(JSON.stringify(await keysThere(many, laptop)));
  expect(keysIn(sent)).toEqual({ sda2: ["old", "new", BYTES, BYTES], "*": ["any"] });
});

it("leaves one of the host's own where it is, and a header with its device", async () => {
  const declared = { "*": { file: "host:/run/key" }, sda2: { file: "host:disk.key", header: "host:/srv/header" } };
  expect(await arrived(declared)).toEqual({
    "*": [{ file: "/run/key" }],
    sda2: [{ file: join(host, "disk.key") }, { header: "/srv/header" }],
  });
});

it("means the same by host: where the host is this one", () => {
  expect(keysFrom(readKeys({ sda2: { file: "host:key", header: "host:/h" } }) as Keys, laptop)).toEqual({
    sda2: [{ file: join(laptop, "key") }, { header: "/h" }],
  });
});

it("tells of a key file that is not here, and of a header that cannot come along", async () => {
  await expect(arrived({ "*": { file: "gone.key" } })).rejects.toMatchObject({
    code: "E_KEY_FILE",
    message: expect.stringContaining(join(laptop, "gone.key")),
    help: expect.stringContaining("host:/PATH"),
  });
  await expect(arrived({ sda2: { header: "header" } })).rejects.toMatchObject({
    code: "E_KEYS",
    help: expect.stringContaining("host:/PATH"),
  });
});

it("refuses bytes that are no text, as any other field", () => {
  expect(() => keysIn({ sda2: { base64: 7 } })).toThrow(expect.objectContaining({ code: "E_KEYS" }));
});
