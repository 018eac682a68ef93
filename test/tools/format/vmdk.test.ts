/** VMDK as QEMU's own tools make and read it, and what they read and do not make. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { scratch } from "../../support/run.ts";
import { cowd, descriptorText, streamed } from "../../support/vmdk.ts";
import { makeContent, placesIn } from "./images.ts";
import { isAsQemuSays, openPath } from "./same-as-qemu.ts";

const dir = await scratch("vmdk");

beforeAll(() => makeContent(dir));

const folder = placesIn(dir);

const SUBFORMATS = [
  "monolithicSparse",
  "streamOptimized",
  "monolithicFlat",
  "twoGbMaxExtentSparse",
  "twoGbMaxExtentFlat",
] as const;

/** Writes at odd places, across extents too. */
const SCRIBBLE = ["write -P 0x11 5000 3000", "write -P 0x22 1M 200k", "write -P 0x33 2147400000 900k"];

describe.each(SUBFORMATS)("%s", (subformat) => {
  test("converted", async () => {
    const tools = await folder();
    await tools.img("convert", "-f", "raw", "-O", "vmdk", "-o", `subformat=${subformat}`, "content.raw", "it.vmdk");
    const info = await isAsQemuSays(tools, "it.vmdk", "vmdk");
    await using image = await openPath(tools.at("it.vmdk"));
    const said = info["format-specific"]?.data ?? {};
    const { create_type, cid, parent_cid, cluster_size, compressed } = image.details;
    expect({ create_type, cid, parent_cid }).toEqual({
      create_type: said["create-type"],
      cid: said.cid,
      parent_cid: said["parent-cid"],
    });
    expect(cluster_size ?? undefined).toBe(info["cluster-size"]);
    expect(compressed).toBe(subformat === "streamOptimized");
    const extents = said.extents as { filename: string }[];
    expect(image.files.at(-1)).toBe(tools.at(extents.at(-1)?.filename.split("/").at(-1) ?? ""));
  });

  test("written to here and there, over the end of an extent", async () => {
    if (subformat === "streamOptimized") return;
    const tools = await folder();
    await tools.img("create", "-q", "-f", "vmdk", "-o", `subformat=${subformat}`, "it.vmdk", "4100M");
    await tools.io("it.vmdk", ...SCRIBBLE);
    await using image = await openPath(tools.at("it.vmdk"));
    expect(image.size).toBe(4100 * 2 ** 20);
    expect(image.files.length).toBe({ monolithicSparse: 1, monolithicFlat: 2 }[subformat as string] ?? 4);
    for (const [at, byte] of [
      [5000, 0x11],
      [1 << 20, 0x22],
      [2147400000, 0x33],
      [2147483648, 0x33],
    ] as const) {
      expect([...(await image.read(at, 2))]).toEqual([byte, byte]);
    }
    expect([...(await image.read(2147400000 + 900 * 1024 - 1, 2))]).toEqual([0x33, 0]);
    if (subformat.endsWith("Sparse")) expect((await image.extent?.(4 << 20, 3 << 20))?.zero).toBe(true);
  });
});

test("grains that are zeros by their table, over a parent", async () => {
  const tools = await folder();
  await tools.img("convert", "-f", "raw", "-O", "vmdk", "content.raw", "base.vmdk");
  const over = (child: string, parent: string) =>
    tools.img("create", "-q", "-f", "vmdk", "-o", "zeroed_grain=on", "-b", parent, "-F", "vmdk", child);
  await over("middle.vmdk", "base.vmdk");
  await tools.io("middle.vmdk", "write -P 1 1M 100k", "write -z 2M 1M");
  await over("it.vmdk", tools.at("middle.vmdk"));
  await tools.io("it.vmdk", "write -P 2 1100k 30k", "write -z 6M 128k");
  await isAsQemuSays(tools, "it.vmdk", "vmdk");
  await using image = await openPath(tools.at("it.vmdk"));
  expect(image.files).toEqual(["it.vmdk", "middle.vmdk", "base.vmdk"].map(tools.at));
  expect(image.backing).toMatchObject({ name: tools.at("middle.vmdk"), format: "vmdk" });
});

test("a parent that was written to since, is gone, or is another kind of image", async () => {
  const tools = await folder();
  await tools.img("create", "-q", "-f", "vmdk", "base.vmdk", "4M");
  await tools.img("create", "-q", "-f", "vmdk", "-b", "base.vmdk", "-F", "vmdk", "it.vmdk");
  await tools.io("base.vmdk", "write 0 64k");
  await expect(openPath(tools.at("it.vmdk"))).rejects.toMatchObject({
    code: "E_VMDK_PARENT",
    message: expect.stringContaining("written to since"),
  });
  await expect(tools.img("convert", "-O", "raw", "it.vmdk", "oracle")).rejects.toThrow();
  await copyFile(tools.at("content.raw"), tools.at("base.vmdk"));
  await expect(openPath(tools.at("it.vmdk"))).rejects.toMatchObject({ code: "E_VMDK_PARENT" });
});

test("a footer, as what is written in one go has it", async () => {
  const tools = await folder();
  await writeFile(tools.at("it.vmdk"), streamed(await readFile(tools.at("content.raw"))));
  await isAsQemuSays(tools, "it.vmdk", "vmdk");
  const whole = await readFile(tools.at("it.vmdk"));
  for (const cut of [512, 1024, 1536, 40_000]) {
    await writeFile(tools.at("cut.vmdk"), whole.subarray(0, whole.length - cut));
    await expect(openPath(tools.at("cut.vmdk"))).rejects.toMatchObject({ code: "E_VMDK_FOOTER" });
  }
});

test("an ESX server's sparse extents, and a flat one's name", async () => {
  const tools = await folder();
  const content = await readFile(tools.at("content.raw"));
  const sectors = content.length / 512;
  await writeFile(tools.at("it-delta.vmdk"), cowd(content));
  await writeFile(tools.at("it.vmdk"), descriptorText("vmfsSparse", [`RW ${sectors} VMFSSPARSE "it-delta.vmdk"`]));
  await isAsQemuSays(tools, "it.vmdk", "vmdk");
  await writeFile(tools.at("flat.vmdk"), descriptorText("vmfs", [`RW ${sectors} VMFS "content.raw"`]));
  await isAsQemuSays(tools, "flat.vmdk", "vmdk");
});

test("stretches of one file, read-only ones, zeros, names in their own encoding", async () => {
  const tools = await folder();
  const lines = ['RW 100 FLAT "content.raw" 2100', "RW 30 ZERO", 'RDONLY 200 FLAT "\u00e4.raw" 0'];
  await copyFile(tools.at("content.raw"), tools.at("ä.raw"));
  const text = descriptorText("custom", lines, ['encoding="windows-1252"']);
  await writeFile(tools.at("it.vmdk"), Buffer.from(text, "latin1"));
  await using image = await openPath(tools.at("it.vmdk"));
  const content = await readFile(tools.at("content.raw"));
  const wanted = [content.subarray(2100 * 512, 2200 * 512), Buffer.alloc(30 * 512), content.subarray(0, 200 * 512)];
  expect(Buffer.compare(await image.read(0, image.size), Buffer.concat(wanted))).toBe(0);
  expect(await image.extent?.(100 * 512, 40 * 512)).toEqual({ length: 30 * 512, zero: true });
  expect(image.files).toEqual(["it.vmdk", "content.raw", "ä.raw"].map(tools.at));
});

test("a lone extent, and what is not read, are refused by name", async () => {
  const tools = await folder();
  const refused = async (name: string, code: string, message: string) =>
    expect(openPath(tools.at(name))).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  await tools.img("create", "-q", "-f", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", "it.vmdk", "4M");
  await refused("it-s001.vmdk", "E_VMDK_FEATURE", "one extent of an image");
  await writeFile(tools.at("lone.vmdk"), cowd(Buffer.alloc(4096)));
  await refused("lone.vmdk", "E_VMDK_FEATURE", "one extent of an image");
  const described = (name: string, ...lines: string[]) => writeFile(tools.at(name), descriptorText("any", lines));
  await described("se.vmdk", 'RW 8192 SESPARSE "x-sesparse.vmdk"');
  await refused("se.vmdk", "E_VMDK_FEATURE", "SESPARSE");
  await described("device.vmdk", 'RW 8192 VMFSRDM "x-rdm.vmdk"');
  await refused("device.vmdk", "E_VMDK_FEATURE", "VMFSRDM");
  await described("short.vmdk", 'RW 819200 FLAT "content.raw" 0');
  await refused("short.vmdk", "E_VMDK_DATA_BOUNDS", "the file ends at");
  await described("gone.vmdk", 'RW 8192 FLAT "gone.raw" 0');
  await refused("gone.vmdk", "E_IMAGE_BACKING", "gone.raw");
  await described("windows.vmdk", 'RW 8192 FLAT "C:\\\\x.raw" 0');
  await refused("windows.vmdk", "E_IMAGE_REFERENCE", "a path of Windows");
  await described("empty.vmdk");
  await refused("empty.vmdk", "E_VMDK_DESCRIPTOR", "names no extents");
});
