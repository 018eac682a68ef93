import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findEngine, repository } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";

const binary = findEngine("pulumi");

it.skipIf(!binary)("the TypeScript example compiles, runs and inspects its image", async () => {
  const folder = join(await scratch("pulumi"), "project");
  const stack = await PulumiProject.create(String(binary), folder, undefined, join(repository, "examples/pulumi"));
  await stack.pulumi("config", "set", "blank", "true");
  const preview = await stack.preview();
  expect(preview, preview.text).toMatchObject({ code: 0 });
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0 });
  expect(await stack.outputs()).toMatchObject({
    id: join(folder, "debian.qcow2"),
    system: { packages: 0 },
    filesystems: [{ type: "ext4", label: "data" }],
  });
  const destroyed = await stack.destroy();
  expect(destroyed, destroyed.text).toMatchObject({ code: 0 });
  await expect(stat(join(folder, "debian.qcow2"))).rejects.toThrow();
});
