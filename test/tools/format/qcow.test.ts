import { beforeAll, expect, test } from "vitest";
import { scratch } from "../../support/run.ts";
import { makeContent, placesIn } from "./images.ts";
import { isAsQemuSays, openPath } from "./same-as-qemu.ts";

const dir = await scratch("qcow");

beforeAll(() => makeContent(dir));

const folder = placesIn(dir);

test("converted", async () => {
  const tools = await folder();
  await tools.img("convert", "-f", "raw", "-O", "qcow", "content.raw", "image");
  const info = await isAsQemuSays(tools, "image", "qcow");
  await using image = await openPath(tools.at("image"));
  expect(image).toMatchObject({ format: "qcow", backing: null, warnings: [] });
  expect(image.details.cluster_size).toBe(info["cluster-size"]);
});

/** By qemu-io: `qemu-img convert -c` of 7.2 makes a whole image and ends with 1, without a word. */
test("compressed", async () => {
  const tools = await folder();
  await tools.img("create", "-q", "-f", "qcow", "image", "14M");
  const packed = [0, 4, 8, 20, 4096, 9000].map((kib) => `write -c -s content.raw ${kib}k 4k`);
  await tools.io("image", ...packed, "write -P 7 16k 4k", "write -c -P 9 5M 4k", "write -P 8 9002k 1k");
  await isAsQemuSays(tools, "image", "qcow");
  await using image = await openPath(tools.at("image"));
  expect([...(await image.read((5 << 20) + 7, 2))]).toEqual([9, 9]);
});

test.each([
  ["content.raw", "raw"],
  ["base", "qcow2"],
])("over %s, whose clusters are smaller than those of an image that stands alone", async (base, format) => {
  const tools = await folder();
  if (format !== "raw") await tools.img("convert", "-f", "raw", "-O", format, "content.raw", base);
  await tools.img("create", "-q", "-f", "qcow", "-b", base, "-F", format, "image", "14M");
  await tools.io("image", "write -P 0x11 5000 3000", "write -P 0x22 1M 200k", "write -P 0x33 13M 9k");
  await isAsQemuSays(tools, "image", "qcow");
  await using image = await openPath(tools.at("image"));
  expect(image.backing).toMatchObject({ name: base, format: null, image: { format } });
  expect(image.warnings).toEqual([expect.stringContaining("does not say its backing file's format")]);
});

test("an encrypted one is refused by name", async () => {
  const tools = await folder();
  const secret = ["--object", "secret,id=s,data=abc"];
  await tools.img(
    "create",
    "-q",
    ...secret,
    "-f",
    "qcow",
    "-o",
    "encrypt.format=aes,encrypt.key-secret=s",
    "image",
    "1M",
  );
  await expect(openPath(tools.at("image"))).rejects.toMatchObject({ code: "E_QCOW_ENCRYPTED" });
});
