import { createHash } from "node:crypto";
import { copyFile, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Image, openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { stream } from "../../../core/source/source.ts";
import { run, scratch } from "../../support/run.ts";
import { type Facts, features, learn } from "./facts.ts";
import { covered, zeroRuns } from "./holes.ts";
import { makeContent, type Recipe, recipes, type Tools, toolsIn } from "./images.ts";

const all: { facts: Facts; tools: Tools }[] = [];

beforeAll(async () => {
  const dir = await scratch("format");
  await makeContent(dir);
  for (const [index, recipe] of recipes.entries()) all.push(await build(recipe, dir, index));
});

async function build(recipe: Recipe, dir: string, index: number) {
  const folder = join(dir, `${index}`);
  await mkdir(folder);
  for (const name of ["content.raw", "small.raw"]) await copyFile(join(dir, name), join(folder, name));
  const tools = toolsIn(folder);
  await recipe.build(tools);
  return { tools, facts: await learn(recipe, tools) };
}

function built(recipe: Recipe): { facts: Facts; tools: Tools; path: string } {
  const found = all.find(({ facts }) => facts.recipe === recipe);
  if (!found) throw new Error(`${recipe.name} was not built`);
  return { ...found, path: join(found.tools.dir, recipe.opened) };
}

async function openRecipe(recipe: Recipe): Promise<Image> {
  const { snapshot } = recipe;
  return openImage(await openFileSource(built(recipe).path), nodeHost, snapshot === undefined ? {} : { snapshot });
}

/** What qemu-img makes of it; the whole, or what a snapshot kept of it. */
async function oracle(recipe: Recipe): Promise<string> {
  const { tools } = built(recipe);
  const chosen = recipe.snapshot === undefined ? [] : ["-l", recipe.snapshot];
  await tools.img("convert", ...chosen, "-O", "raw", recipe.opened, "oracle");
  return join(tools.dir, "oracle");
}

test.each(Object.entries(features))("some image has, as QEMU confirms: %s", (_name, confirmed) => {
  expect(all.filter(({ facts }) => confirmed(facts)).map(({ facts }) => facts.recipe.name)).not.toEqual([]);
});

const SMALL = recipes.filter(({ name }) => name !== "sparse and large");

describe.each(SMALL)("$name", (recipe) => {
  test("is byte for byte what qemu-img convert makes", async () => {
    await using image = await openRecipe(recipe);
    await using expected = await openFileSource(await oracle(recipe));
    // QEMU's -l keeps the image's own size: the snapshot's is what it had.
    expect(image.size).toBe(recipe.snapshotSize ?? expected.size);
    expect(await sha256(stream(image))).toBe(await sha256(stream(expected, { end: image.size })));
    for (const [offset, length] of places(image.size)) {
      const [actual, wanted] = [await image.read(offset, length), await expected.read(offset, length)];
      expect(Buffer.compare(actual, wanted), `${length} bytes at ${offset}`).toBe(0);
    }
  });

  test("says what qemu-img info says", async () => {
    await using image = await openRecipe(recipe);
    const { info, parents } = built(recipe).facts;
    expect(image.format).toBe(info.format);
    expect(image.backing?.name ?? undefined).toBe(info["backing-filename"]);
    expect(image.backing?.format ?? undefined).toBe(info["backing-filename-format"]);
    expect(image.snapshots.map(({ id, name }) => ({ id, name }))).toEqual(
      (info.snapshots ?? []).map(({ id, name }) => ({ id, name })),
    );
    expect(chainOf(image).slice(1)).toEqual(parents.map(({ format }) => format));
    expect(described(image)).toEqual(describedBy(info));
  });

  test("knows its holes as qemu-img map does", async () => {
    if (recipe.snapshot !== undefined) return;
    await using image = await openRecipe(recipe);
    const holes = await zeroRuns(image);
    for (const { start, length, zero, data, ...entry } of built(recipe).facts.map) {
      // Where QEMU asks the host's file system it knows more: those are holes in the file itself, with an offset.
      if (zero && !("offset" in entry) && image.format !== "raw" && !hasRawParent(recipe)) {
        expect(covered(holes, start, start + length), `zero at ${start}`).toBe(length);
      }
      if (!zero || data) expect(covered(holes, start, start + length), `data at ${start}`).toBe(0);
    }
  });
});

/** Parents and data files that are raw have holes which only the host's file system knows. */
function hasRawParent(recipe: Recipe): boolean {
  return built(recipe).facts.parents.some(({ format }) => format === "raw");
}

test("a large sparse image is looked through without reading it", async () => {
  const recipe = recipes.find(({ name }) => name === "sparse and large") as Recipe;
  await using image = await openRecipe(recipe);
  const data: number[][] = [];
  for (let at = 0; at < image.size; ) {
    const { length, zero } = (await image.extent?.(at, image.size - at)) ?? { length: 0, zero: false };
    if (!zero) data.push([at, length]);
    at += length;
  }
  const mapped = built(recipe).facts.map.filter((entry) => !entry.zero);
  expect(data).toEqual(mapped.map(({ start, length }) => [start, length]));
});

test("the bytes of a sparse image's far end", async () => {
  const recipe = recipes.find(({ name }) => name === "sparse and large") as Recipe;
  await using image = await openRecipe(recipe);
  const far = await image.read(299 * 2 ** 30 - 10, 30);
  expect([...far]).toEqual([...new Array(10).fill(0), ...new Array(20).fill(13)]);
});

test("a dirty and a corrupt image are read and named", async () => {
  const recipe = recipes.find(({ name }) => name === "dirty") as Recipe;
  {
    await using image = await openRecipe(recipe);
    expect(image.warnings.join()).toContain("marked dirty");
  }
  const { path } = built(recipe);
  await copyFile(path, `${path}.corrupt`);
  await patch(`${path}.corrupt`, 79, 2);
  expect(await run("qemu-img", ["info", `${path}.corrupt`])).toContain("corrupt: true");
  await using image = await openImage(await openFileSource(`${path}.corrupt`), nodeHost);
  expect(image.warnings.join()).toContain("marked corrupt");
});

test("encryption and unknown features are refused by name", async () => {
  const dir = await scratch("refused");
  const { img } = toolsIn(dir);
  const secret = ["--object", "secret,id=s,data=abc"];
  const luks = ["encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10"];
  await img("create", "-q", ...secret, "-f", "qcow2", "-o", ...luks, "luks.qcow2", "1M");
  await expect(openPath(join(dir, "luks.qcow2"))).rejects.toMatchObject({
    code: "E_LUKS_KEY_MISSING",
    message: expect.stringContaining("it is encrypted (LUKS1"),
  });
  await img("create", "-q", "-f", "qcow2", "future.qcow2", "1M");
  await patch(join(dir, "future.qcow2"), 72, 0x80);
  await expect(openPath(join(dir, "future.qcow2"))).rejects.toMatchObject({
    code: "E_QCOW2_FEATURE",
    message: expect.stringContaining("bit 63"),
  });
});

test("a loop of parents and a missing one are refused", async () => {
  const dir = await scratch("loop");
  const { img } = toolsIn(dir);
  const make = (child: string, parent: string) =>
    img("create", "-q", "-f", "qcow2", "-u", "-b", parent, "-F", "qcow2", child, "1M");
  await make("a.qcow2", "b.qcow2");
  await make("b.qcow2", "./a.qcow2");
  await make("c.qcow2", "gone.qcow2");
  await expect(openPath(join(dir, "a.qcow2"))).rejects.toMatchObject({ code: "E_IMAGE_CYCLE" });
  const missing = { code: "E_IMAGE_BACKING", message: expect.stringContaining("gone.qcow2") };
  await expect(openPath(join(dir, "c.qcow2"))).rejects.toMatchObject(missing);
});

async function openPath(path: string): Promise<Image> {
  return openImage(await openFileSource(path), nodeHost);
}

async function patch(path: string, offset: number, byte: number): Promise<void> {
  const handle = await open(path, "r+");
  await handle.write(Uint8Array.of(byte), 0, 1, offset);
  await handle.close();
}

async function sha256(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** Reads of many lengths at places that nothing is aligned to. */
function places(size: number): [number, number][] {
  return Array.from({ length: 200 }, (_, index) => {
    const length = Math.min(1 + ((index * 7919) % 150_000), size);
    return [Math.floor((index * 0.6180339887 * size) % (size - length + 1)), length];
  });
}

function chainOf(image: Image): string[] {
  return [image.format, ...(image.backing ? chainOf(image.backing.image) : [])];
}

function described({ details }: Image) {
  const { compat, cluster_size, compression_type, refcount_bits, lazy_refcounts, extended_l2, corrupt } = details;
  return { compat, cluster_size, compression_type, refcount_bits, lazy_refcounts, extended_l2, corrupt };
}

function describedBy(info: Facts["info"]) {
  const data = info["format-specific"]?.data ?? {};
  const old = data.compat === "0.10";
  return {
    compat: data.compat,
    cluster_size: info["cluster-size"],
    compression_type: data["compression-type"],
    refcount_bits: data["refcount-bits"],
    lazy_refcounts: old ? false : data["lazy-refcounts"],
    extended_l2: old ? false : data["extended-l2"],
    corrupt: old ? false : data.corrupt,
  };
}
