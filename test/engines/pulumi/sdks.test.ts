import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { findFurtherEngine, repository } from "../../support/engines.ts";
import { scratch } from "../../support/scratch.ts";
import { binary, project } from "./stack.ts";

const SCHEMA = join(repository, "pulumi/generated/schema.json");

const execute = promisify(execFile);

/** Programs, and of each language that they write a file. */
const WRITTEN = {
  "pulumi-sdks": [
    "nodejs/diskImage.ts",
    "python/pulumi_guestkit/disk_image.py",
    "go/guestkit/diskImage.go",
    "go/go.mod",
  ],
  "pulumi-sdks-former": ["dotnet/DiskImage.cs", "java/src/main/java/io/guestkit/guestkit/DiskImage.java"],
};
/** Java's remarks that a setting that is a secret comes as plain text out of the configuration, as they all do there. */
const REMARK = "WARN: secret property keys (property of config) does not have an Output type\n";

it.for(Object.entries(WRITTEN))(
  "%s of Pulumi's own takes the package schema without a warning",
  async ([name, paths], { skip }) => {
    const program = findFurtherEngine(name);
    if (!program) return skip(`${name} is not installed: npm run engines:all provides it`);
    const folder = await scratch("pulumi-sdks");
    const { stdout, stderr } = await execute(program, [SCHEMA, folder]);
    expect([stdout.replace(REMARK, ""), stderr]).toEqual(["", ""]);
    for (const path of paths) await access(join(folder, path));
  },
);

it.skipIf(!binary)("the package schema is one that Pulumi reads", async () => {
  const checked = await (await project()).pulumi("schema", "check", SCHEMA);
  expect(checked, checked.text).toMatchObject({ code: 0 });
});
