import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import schema from "../../../cli/generated/guestkit.schema.json" with { type: "json" };
import { parseYaml } from "../../../core/project/yaml.ts";

const check = z.fromJSONSchema(schema as never);
const root = join(import.meta.dirname, "../../..");

it("takes the example, and references wherever a value may stand", async () => {
  const file = join(root, "examples/yaml/guestkit.yaml");
  expect(check.safeParse(parseYaml(file, await readFile(file, "utf8")).value).error).toBeUndefined();
  const referring = {
    version: 1,
    resources: { disk_image: { web: { path: "w", size: "${env.SIZE}", overwrite: "${env.YES}" } } },
  };
  expect(check.safeParse(referring).error).toBeUndefined();
});

it.each([
  [{ version: 2 }],
  [{ version: 1, resources: { floppy: {} } }],
  [{ version: 1, resources: { disk_image: { web: {} } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", format: "floppy" } } } }],
  [{ version: 1, resources: { disk_image: { web: { path: "w", nonsense: 1 } } } }],
])("refuses %j", (value) => {
  expect(check.safeParse(value).success).toBe(false);
});
