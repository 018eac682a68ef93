import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import schema from "../../../core/generated/schemas/guestkit.yaml.json" with { type: "json" };
import { parseYaml } from "../../../core/project/yaml.ts";

const check = z.fromJSONSchema(schema as never);
const root = join(import.meta.dirname, "../../..");

it.each(["guestkit.yaml", "debian-image/guestkit.yaml", "fleet/guestkit.yaml"])(
  "takes the example %s",
  async (name) => {
    const file = join(root, "examples/yaml", name);
    expect(check.safeParse(parseYaml(file, await readFile(file, "utf8")).value).error).toBeUndefined();
  },
);

it("takes the name of a project, and parts that others name", () => {
  expect(check.safeParse({ version: 1, project: "web/prod", "x-base": { memory: "1G" } }).error).toBeUndefined();
});

it("takes references wherever a value may stand", () => {
  const referring = {
    version: 1,
    resources: { disk_image: { web: { path: "w", size: "${env.SIZE}", overwrite: "${env.YES}" } } },
  };
  expect(check.safeParse(referring).error).toBeUndefined();
});

it("takes things that have moved", () => {
  const moved = [{ from: "virtual_machine.old", to: "virtual_machine.new" }];
  expect(check.safeParse({ version: 1, moved }).error).toBeUndefined();
});

it.each([
  [{ version: 2 }],
  [{ version: 1, moved: [{ from: "disk_image.old" }] }],
  [{ version: 1, project: "a b" }],
  [{ version: 1, variables: { a: { type: "text" } } }],
  [{ version: 1, variables: { "a-b": {} } }],
  [{ version: 1, variables: { a: { defualt: 1 } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", for_each: 7 } } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", for_each: [true] } } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", host: 7 } } } }],
  [{ version: 1, hosts: { lab: { adress: "ssh://lab" } } }],
  [{ version: 1, hosts: { "a b": {} } }],
  [{ version: 1, resources: { floppy: {} } }],
  [{ version: 1, resources: { disk_image: { web: {} } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", format: "floppy" } } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", nonsense: 1 } } } }],
])("refuses %j", (value) => {
  expect(check.safeParse(value).success).toBe(false);
});
