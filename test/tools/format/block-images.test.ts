/** VDI, VHD and VHDX as QEMU's own tools make and read them. */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Image, openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { scratch } from "../../support/run.ts";
import { type BlockRecipe, blockRecipes, makeContent } from "./block-images.ts";
import type { MapEntry } from "./facts.ts";
import { covered, zeroRuns } from "./holes.ts";
import { type Tools, toolsIn } from "./images.ts";

const dir = await scratch("block-images");

beforeAll(() => makeContent(dir));

async function built(recipe: BlockRecipe): Promise<Tools> {
  const folder = join(dir, recipe.name.replaceAll(/\W+/g, "-"));
  await mkdir(folder);
  await copyFile(join(dir, "content.raw"), join(folder, "content.raw"));
  const tools = toolsIn(folder);
  await recipe.build(tools);
  return tools;
}

const openIn = async ({ dir }: Tools): Promise<Image> => openImage(await openFileSource(join(dir, "image")), nodeHost);

describe.each(blockRecipes)("$name", (recipe) => {
  test("is what qemu-img says and makes of it", async () => {
    const tools = await built(recipe);
    const { img } = tools;
    await using image = await openIn(tools);
    expect(image.format).toBe(recipe.format);
    const info = JSON.parse(await img("info", "-f", recipe.driver, "--output=json", "image"));
    expect(image.size).toBe(info["virtual-size"]);
    expect(image.details.cluster_size).toBe(info["cluster-size"]);
    await img("convert", "-f", recipe.driver, "-O", "raw", "image", "oracle");
    await using oracle = await openFileSource(join(tools.dir, "oracle"));
    for (const [offset, length] of [...places(image.size), ...whole(image.size)]) {
      const [actual, wanted] = [await image.read(offset, length), await oracle.read(offset, length)];
      expect(Buffer.compare(actual, wanted), `${length} bytes at ${offset}`).toBe(0);
    }
    const holes = await zeroRuns(image);
    for (const [start, end] of holes) expect(await isZero(oracle, start, end), `hole at ${start}`).toBe(true);
    if (recipe.driver === "vhdx") return;
    const map: MapEntry[] = JSON.parse(await img("map", "-f", recipe.driver, "--output=json", "image"));
    for (const { start, length, zero, ...entry } of map) {
      if (zero && !("offset" in entry)) expect(covered(holes, start, start + length), `zero at ${start}`).toBe(length);
    }
  });
});

test.each([
  ["vdi", "vdi"],
  ["vpc", "vhd"],
  ["vhdx", "vhdx"],
])("of a large and nearly empty %s little is read", async (driver, format) => {
  const folder = join(dir, `large-${driver}`);
  await mkdir(folder);
  const tools = toolsIn(folder);
  await tools.img("create", "-q", "-f", driver, "image", "900G");
  await tools.io("image", "write -P 7 700G 64k");
  let bytes = 0;
  const file = await openFileSource(join(folder, "image"));
  const counted = {
    ...file,
    read: (offset: number, length: number, signal?: AbortSignal) => {
      bytes += length;
      return file.read(offset, length, signal);
    },
  };
  await using image = await openImage({ ...counted, readInto: undefined } as never, nodeHost);
  expect(image.format).toBe(format);
  const [at] = (await zeroRuns(image)).map(([, end]) => end);
  expect(at).toBeLessThanOrEqual(700 * 2 ** 30);
  expect([...(await image.read(700 * 2 ** 30 - 2, 4))]).toEqual([0, 0, 7, 7]);
  expect(bytes).toBeLessThan(8 << 20);
});

/** Reads of many lengths at places that nothing is aligned to. */
function places(size: number): [number, number][] {
  return Array.from({ length: 100 }, (_, index) => {
    const length = 1 + ((index * 7919) % 150_000);
    return [Math.floor((index * 0.6180339887 * size) % (size - length + 1)), length];
  });
}

const PIECE = 4 << 20;
const whole = (size: number): [number, number][] =>
  Array.from({ length: Math.ceil(size / PIECE) }, (_, index) => [index * PIECE, Math.min(PIECE, size - index * PIECE)]);

async function isZero(source: { read: Image["read"] }, start: number, end: number): Promise<boolean> {
  return (await source.read(start, end - start)).every((byte) => byte === 0);
}
