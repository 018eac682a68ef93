/** QED as QEMU's own tools make and read it. */
import { open } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { scratch } from "../../support/run.ts";
import { makeContent, placesIn } from "./images.ts";
import { isAsQemuSays, openPath } from "./same-as-qemu.ts";

const dir = await scratch("qed");

beforeAll(() => makeContent(dir));

const folder = placesIn(dir);

test.each(["", "cluster_size=4k,table_size=2", "cluster_size=1M,table_size=16"])("converted: %s", async (options) => {
  const tools = await folder();
  const said = options ? ["-o", options] : [];
  await tools.img("convert", "-f", "raw", "-O", "qed", ...said, "content.raw", "it.qed");
  const info = await isAsQemuSays(tools, "it.qed", "qed");
  await using image = await openPath(tools.at("it.qed"));
  expect(image).toMatchObject({ format: "qed", backing: null, warnings: [] });
  expect(image.details).toMatchObject({ cluster_size: info["cluster-size"], dirty: false });
});

const SCRIBBLE = ["write -P 0x11 5000 3000", "write -P 0x22 1M 200k", "write -z 1200k 64k", "write -z 6M 1M"];

test.each([
  ["content.raw", "raw", []],
  ["base.qed", "qed", ["does not say its backing file's format"]],
  ["base.qcow2", "qcow2", ["does not say its backing file's format"]],
])("over %s, longer than that", async (base, format, said) => {
  const tools = await folder();
  if (format !== "raw") await tools.img("convert", "-f", "raw", "-O", format, "content.raw", base);
  await tools.img("create", "-q", "-f", "qed", "-b", base, "-F", format, "it.qed", "14M");
  await tools.io("it.qed", ...SCRIBBLE, "write -P 0x33 13M 9k");
  await isAsQemuSays(tools, "it.qed", "qed");
  await using image = await openPath(tools.at("it.qed"));
  expect(image.files).toEqual([tools.at("it.qed"), tools.at(base)]);
  expect(image.backing).toMatchObject({ name: base, format: format === "raw" ? "raw" : null, image: { format } });
  expect(image.warnings).toEqual(said.map((each) => expect.stringContaining(each)));
});

test("a dirty one is read and told, unknown features are refused", async () => {
  const tools = await folder();
  await tools.img("convert", "-f", "raw", "-O", "qed", "content.raw", "it.qed");
  const patch = async (offset: number, byte: number) => {
    await using file = await open(tools.at("it.qed"), "r+");
    await file.write(Uint8Array.of(byte), 0, 1, offset);
  };
  await patch(16, 2);
  {
    await using image = await openPath(tools.at("it.qed"));
    expect(image.warnings).toEqual([expect.stringContaining("marked dirty")]);
  }
  await patch(16, 0x10);
  await expect(openPath(tools.at("it.qed"))).rejects.toMatchObject({ code: "E_QED_FEATURE" });
});
