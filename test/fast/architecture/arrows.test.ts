import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LAYERS, PURE, SPAWNING } from "../../../scripts/layers.ts";
import {
  circlesOfFiles,
  circlesOfFolders,
  crossing,
  importersOf,
  planted,
  readImports,
  readLayers,
} from "./core-imports.ts";

const imports = await readImports();
const order = Object.keys(LAYERS);
/** What starts programs. */
const STARTERS = ["execa", "node:child_process"];
/** Layers whose files still know one another; nobody is to join them. */
const TANGLED = ["engine", "project", "resource"];
/** Folders of tests that are not a layer's: faces, and what goes through all. */
const OF_NO_LAYER = "ansible architecture cli damage docs engines package promises provider pulumi support".split(" ");

it("every folder of the core stands in the list, and imports what stands above it there", async () => {
  expect([...(await readLayers())].toSorted()).toEqual(order.toSorted());
  for (const [at, layer] of order.entries()) {
    const below = LAYERS[layer]?.filter((each) => each !== "generated" && !order.slice(0, at).includes(each));
    expect({ layer, below }).toEqual({ layer, below: [] });
  }
});

it("tests of a layer lie in the folder of its name", async () => {
  const tests = join(import.meta.dirname, "../..");
  const found = await Promise.all(["fast", "tools", "slow"].map((project) => readdir(join(tests, project))));
  expect([...new Set(found.flat())].filter((each) => !order.includes(each) && !OF_NO_LAYER.includes(each))).toEqual([]);
});

it("no import leads back up, nor to a layer that is not named; an import that would is seen", () => {
  expect(imports.size).toBeGreaterThan(500);
  expect(crossing(imports, LAYERS)).toEqual([]);
  const back = order.flatMap((low, at) =>
    order.slice(at + 1).map((high) => [`${low}/to-${high}.ts`, `${high}/room/planted.ts`] as const),
  );
  const all = back.reduce((known, arrow) => planted(known, ...arrow), imports);
  expect(crossing(all, LAYERS)).toEqual(back.map((arrow) => arrow.join(" -> ")));
});

it("folders that lie side by side make no circle; one that is planted is seen", () => {
  expect(circlesOfFolders(imports)).toEqual([]);
  const once = planted(imports, "qemu/process/spawn.ts", "qemu/accelerator/probe.ts");
  expect(circlesOfFolders(once)).toEqual([]);
  const back = planted(once, "qemu/accelerator/probe.ts", "qemu/process/spawn.ts");
  expect(circlesOfFolders(back)).toEqual(["qemu: accelerator, process"]);
  const layers = planted(imports, "host/program/process.ts", "qemu/qmp/client.ts");
  expect(circlesOfFolders(layers)).toEqual([expect.stringMatching(/^core: .*\bhost\b.*\bqemu\b/)]);
});

it.each(order.filter((layer) => !TANGLED.includes(layer)))("no files of %s make a circle", (layer) => {
  expect(circlesOfFiles(imports, layer)).toEqual([]);
});

it("a circle inside a reader is seen", () => {
  expect(TANGLED.filter((layer) => PURE.includes(layer))).toEqual([]);
  const back = planted(imports, "filesystem/ext4/volume.ts", "filesystem/ext4/system-zone.ts");
  expect(circlesOfFiles(back, "filesystem")).toEqual([expect.stringContaining("filesystem/ext4/volume.ts")]);
});

it("programs are started in few layers alone; an import elsewhere is seen", () => {
  expect(importersOf(imports, STARTERS)).toEqual(SPAWNING.toSorted());
  for (const layer of order) {
    const more = planted(imports, `${layer}/planted.ts`, "execa");
    expect(importersOf(more, STARTERS)).toEqual([...new Set([...SPAWNING, layer])].toSorted());
  }
});
