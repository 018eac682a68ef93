import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Engine, type ResourceImplementation } from "../../../core/engine/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import {
  applyProject,
  documentOf,
  hasChanges,
  OwnedThings,
  planDestroy,
  planProject,
  readProject,
} from "../../../core/project/index.ts";
import { statePath } from "../../../core/project/state.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

let folder: string;
let world: Map<string, ValueObject>;
let done: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-moved-"));
  world = new Map();
  done = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Images as entries of a map; whatever is done with one is noted. */
const implementation: ResourceImplementation = {
  isOurs: async () => true,
  observe: async (id) => {
    const input = world.get(id);
    return input ? { input, output: {} } : null;
  },
  create: async (input) => {
    done.push(`create ${String(input.path)}`);
    world.set(String(input.path), input);
  },
  update: async (id, input) => {
    done.push(`update ${id}`);
    world.set(id, input);
  },
  remove: async (id) => {
    done.push(`remove ${id}`);
    world.delete(id);
  },
};

async function open(images: Readonly<Record<string, string>>, moved = "") {
  const text = Object.entries(images).map(([name, config]) => `    ${name}: ${config}\n`);
  const file = join(folder, "guestkit.yaml");
  const body = `version: 1\n${moved && `moved: ${moved}\n`}resources:\n  disk_image:\n${text.join("")}`;
  const project = readProject(parseYaml(file, body));
  const implementations = { resources: { disk_image: async () => implementation }, queries: {}, actions: {} };
  const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder };
  const engine = new Engine({ implementations, settings, baseDir: folder });
  const call = { engine, owned: await OwnedThings.load(project) };
  const plan = await planProject(project, call);
  const listed = async () => {
    const { resources } = JSON.parse(await readFile(statePath(file), "utf8"));
    return resources.map(({ address, id }: { address: string; id: string }) => [address, id.slice(folder.length + 1)]);
  };
  const faults = plan.diagnostics.map(({ code, path, message }) => `${code} ${path.join(".")} ${message}`);
  return { file, plan, call, faults, listed, apply: () => applyProject(project, plan, call) };
}

const IMAGE = (path: string) => `{ path: ${path}, size: 1M }`;

describe("a moved thing", () => {
  it("has another address and stays as it is; the plan says so once", async () => {
    await (await open({ old: IMAGE("x") })).apply();
    done = [];
    const renamed = await open({ new: IMAGE("x") }, "[{ from: disk_image.old, to: disk_image.new }]");
    expect(hasChanges(renamed.plan)).toBe(true);
    expect(documentOf(renamed.plan)).toMatchObject({
      changes: [{ address: "disk_image.new", action: "none", moved_from: "disk_image.old" }],
    });
    expect(await renamed.listed()).toEqual([["disk_image.old", "x"]]);
    await renamed.apply();
    expect(await renamed.listed()).toEqual([["disk_image.new", "x"]]);
    const after = await open({ new: IMAGE("x") }, "[{ from: disk_image.old, to: disk_image.new }]");
    expect([hasChanges(after.plan), after.faults, done]).toEqual([false, [], []]);
  });

  it("takes what it is called by along: under another path it is replaced, as the one thing that it is", async () => {
    await (await open({ old: IMAGE("x") })).apply();
    const moved = await open({ new: IMAGE("y") }, "[{ from: disk_image.old, to: disk_image.new }]");
    expect(moved.plan.changes).toMatchObject([
      { address: "disk_image.new", action: "replace", movedFrom: "disk_image.old" },
    ]);
    expect((await moved.apply()).failures.size).toBe(0);
    expect([...world.keys()]).toEqual([join(folder, "y")]);
    expect(await moved.listed()).toEqual([["disk_image.new", "y"]]);
  });

  it("may be each of several, or become one of them", async () => {
    await (await open({ old: '{ for_each: [a, b], path: "${each.key}", size: 1M }', one: IMAGE("c") })).apply();
    done = [];
    const moves = `[{ from: disk_image.old, to: disk_image.new }, { from: disk_image.one, to: "disk_image.one['c']" }]`;
    const images = { new: '{ for_each: [a, b], path: "${each.key}", size: 1M }' };
    const moved = await open({ ...images, one: '{ for_each: [c], path: "${each.key}", size: 1M }' }, moves);
    expect(moved.faults).toEqual([]);
    await moved.apply();
    expect((await moved.listed()).toSorted()).toEqual([
      ['disk_image.new["a"]', "a"],
      ['disk_image.new["b"]', "b"],
      ['disk_image.one["c"]', "c"],
    ]);
    expect(done).toEqual([]);
  });

  it("is destroyed under its new address", async () => {
    await (await open({ old: IMAGE("x") })).apply();
    const { call } = await open({ new: IMAGE("x") }, "[{ from: disk_image.old, to: disk_image.new }]");
    expect((await planDestroy(call)).changes).toMatchObject([{ address: "disk_image.new", action: "delete" }]);
  });

  it("is refused where the list has a thing under each of the two", async () => {
    const { file, call } = await open({ new: IMAGE("x") });
    const resources = [
      { address: "disk_image.old", id: join(folder, "y") },
      { address: "disk_image.new", id: join(folder, "x") },
    ];
    await (await open({ new: IMAGE("x") })).apply();
    await writeFile(
      statePath(file),
      JSON.stringify({ format_version: 2, project: call.owned.project, file: call.owned.file, resources }),
    );
    const { faults } = await open({ new: IMAGE("x") }, "[{ from: disk_image.old, to: disk_image.new }]");
    expect(faults).toEqual([
      "E_PROJECT_MOVED moved.0 Cannot move disk_image.old to disk_image.new: the file owns a thing under each of the two",
    ]);
  });

  it.each([
    ["7", "moved Cannot use moved: it must be a list"],
    ["[7]", "moved.0 Cannot use moved[0]: it needs two addresses, from and to"],
    ["[{ from: disk_image.old }]", "moved.0 Cannot use moved[0]: it needs two addresses, from and to"],
    ["[{ from: disk_image.o, to: disk_image.new, why: x }]", 'moved.0 Cannot use moved[0]: it has no "why"'],
    [
      "[{ from: disk_image.other, to: disk_image.new }]",
      "moved.0.from Cannot move disk_image.other to disk_image.new: disk_image.other is still declared",
    ],
    [
      "[{ from: disk_image.new, to: disk_image.new }]",
      "moved.0.from Cannot move disk_image.new to disk_image.new: disk_image.new is still declared",
    ],
    [
      "[{ from: disk_image.old, to: disk_image.nwe }]",
      "moved.0.to Cannot move disk_image.old to disk_image.nwe: disk_image.nwe is not declared",
    ],
    [
      "[{ from: virtual_machine.old, to: disk_image.new }]",
      "moved.0.to Cannot move virtual_machine.old to disk_image.new: both must be resources of one contract",
    ],
    [
      "[{ from: inspection.old, to: inspection.new }]",
      "moved.0.to Cannot move inspection.old to inspection.new: both must be resources of one contract",
    ],
    [
      "[{ from: disk_image.older, to: disk_image.new }, { from: disk_image.new, to: disk_image.other }]",
      "moved.0.from Cannot move disk_image.older to disk_image.new: it is one of a chain",
    ],
    [
      "[{ from: disk_image.old, to: disk_image.new }, { from: disk_image.old, to: disk_image.other }]",
      "moved.0.to Cannot move disk_image.old to disk_image.new: one of the two stands there twice",
    ],
  ])("%s is refused: %s", async (moved, fault) => {
    const { faults } = await open({ new: IMAGE("x"), other: IMAGE("z") }, moved);
    expect(faults.map((each) => each.replace(/^\S+ /, ""))).toContain(fault);
  });
});
