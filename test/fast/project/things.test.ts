import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Engine, type PlanContext, problem, type ResourceImplementation } from "../../../core/engine/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import {
  applyPart,
  applyProject,
  hasChanges,
  OwnedThings,
  planProject,
  readProject,
} from "../../../core/project/index.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

let folder: string;
let world: Map<string, ValueObject>;
/** What is there, in no order: things that need not wait for each other are made side by side. */
const there = () => [...world.keys()].sort();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-things-"));
  world = new Map();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Images as entries of a map. One over a parent wants to know it; a parent named `bad` turns out so when it is there. */
const implementation: ResourceImplementation = {
  isOurs: async () => true,
  observe: async (id) => {
    const input = world.get(id);
    return input ? { input, output: {} } : null;
  },
  preflight: async (_plan, input, context: PlanContext) => {
    const parent = typeof input?.backing_file === "string" ? input.backing_file : null;
    if (parent === null) return [];
    const known = world.get(parent) ?? context.declared("disk_image", parent);
    const wrong = !known || (world.has(parent) && parent.endsWith("bad"));
    return wrong ? [problem("E_PARENT", ["backing_file"], "Cannot stand on it")] : [];
  },
  create: async (input) => void world.set(String(input.path), input),
  update: async (id, input) => void world.set(id, input),
  remove: async (id) => void world.delete(id),
};

async function open(entries: Readonly<Record<string, string>>) {
  const text = Object.entries(entries).map(([name, config]) => `    ${name}: ${config}\n`);
  const file = join(folder, "guestkit.yaml");
  const project = readProject(parseYaml(file, `version: 1\nresources:\n  disk_image:\n${text.join("")}`));
  const implementations = { resources: { disk_image: async () => implementation }, queries: {}, actions: {} };
  const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder };
  const call = {
    engine: new Engine({ implementations, settings, baseDir: folder }),
    owned: await OwnedThings.load(project),
  };
  const plan = await planProject(project, call);
  return { plan, call, project, apply: () => applyProject(project, plan, call) };
}

it("a thing under a new address stays, and belongs to that alone", async () => {
  await (await open({ a: "{ path: x, size: 1M }" })).apply();
  const renamed = await open({ b: "{ path: x, size: 1M }" });
  expect(hasChanges(renamed.plan)).toBe(false);
  await renamed.apply();
  expect(renamed.call.owned.all).toEqual([{ address: "disk_image.b", id: join(folder, "x") }]);
  expect(there()).toEqual([join(folder, "x")]);
});

const image = (path: string) => `{ path: ${path}, size: 1M }`;
const listed = ({ call }: Awaited<ReturnType<typeof open>>) =>
  Object.fromEntries(call.owned.all.map(({ address, id }) => [address, id.slice(folder.length + 1)]));

it("entries that swap their things, or hand them on, destroy none", async () => {
  await (await open({ a: image("x"), b: image("y") })).apply();
  const x = world.get(join(folder, "x"));
  const swapped = await open({ a: image("y"), b: image("x") });
  expect(hasChanges(swapped.plan)).toBe(false);
  await swapped.apply();
  expect(listed(swapped)).toEqual({ "disk_image.a": "y", "disk_image.b": "x" });
  const handed = await open({ a: image("x"), b: image("z") });
  expect(handed.plan.changes.map(({ action, removes }) => [action, removes?.id ?? null])).toEqual([
    ["replace", join(folder, "y")],
    ["create", null],
  ]);
  expect((await handed.apply()).failures.size).toBe(0);
  expect(listed(handed)).toEqual({ "disk_image.a": "x", "disk_image.b": "z" });
  expect(world.get(join(folder, "x"))).toBe(x);
  expect(there()).toEqual([join(folder, "x"), join(folder, "z")]);
});

it("a thing handed on is told by what it is planned to be, where the file alone does not tell", async () => {
  await (await open({ base: image("x"), a: image("w"), b: image("x-y") })).apply();
  const handed = await open({ base: image("x"), a: '{ path: "${disk_image.base.id}-y", size: 1M }', b: image("z") });
  expect((await handed.apply()).failures.size).toBe(0);
  expect(there()).toEqual(["x", "x-y", "z"].map((name) => join(folder, name)));
});

it("a part destroys nothing that another entry of the file stands for", async () => {
  await (await open({ a: image("x"), b: image("y") })).apply();
  const { project, call } = await open({ a: image("y"), b: image("x") });
  await applyPart(project, "disk_image.a", call);
  expect(there()).toEqual([join(folder, "x"), join(folder, "y")]);
});

it("two addresses for one thing are refused", async () => {
  const { plan } = await open({ a: "{ path: x, size: 1M }", b: "{ path: ./x, size: 2M }" });
  expect(plan.diagnostics).toMatchObject([{ code: "E_PROJECT_TWICE", path: ["resources", "disk_image", "b", "path"] }]);
});

it("what is to be made is judged by its declaration, and once it is there by itself", async () => {
  const over = (name: string) => ({
    base: `{ path: ${name}, size: 1M }`,
    top: '{ path: top, backing_file: "${disk_image.base.id}" }',
  });
  const good = await open(over("good"));
  expect(good.plan.diagnostics).toEqual([]);
  expect((await good.apply()).failures.size).toBe(0);
  world.clear();
  const bad = await open(over("bad"));
  expect(bad.plan.diagnostics).toEqual([]);
  expect([...(await bad.apply()).failures.values()]).toMatchObject([{ code: "E_PARENT" }]);
  expect(there()).toEqual([join(folder, "bad")]);
});
