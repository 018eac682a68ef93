import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const biome = join(root, "node_modules/.bin/biome");

/** Lints `text` as if it stood at `path`, which must not exist. */
async function lint(path: string, text: string): Promise<string> {
  const file = join(root, path);
  await writeFile(file, text, { flag: "wx" });
  try {
    const { stdout, stderr } = await promisify(execFile)(biome, ["lint", file], { cwd: root });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  } finally {
    await rm(file);
  }
}

describe("the dependency rule", () => {
  const violations = [
    ["core/kit/probe-layers-a.ts", "../source/source.ts"],
    ["core/filesystem/ext4/probe-layers-b.ts", "../fat/index.ts"],
    ["core/engine/probe-layers-c.ts", "../build/edit.ts"],
    ["core/format/probe-layers-d.ts", "../volume/index.ts"],
    ["core/guest/probe-layers-e.ts", "node:fs"],
    ["core/engine/probe-layers-f.ts", "execa"],
    ["provider/probe-layers-g.ts", "../core/engine/index.ts"],
    ["cli/probe-layers-h.ts", "@guestkit/provider"],
  ];
  it.each(violations)("%s may not import %s", async (path, imported) => {
    const report = await lint(path, `import type * as other from "${imported}";\nexport type Other = typeof other;\n`);
    expect(report).toContain("noRestrictedImports");
  });

  it("lets a layer import what stands below it, and a face the core's public index", async () => {
    expect(
      await lint(
        "core/engine/probe-layers-i.ts",
        'import type * as o from "../model/index.ts";\nexport type O = typeof o;\n',
      ),
    ).not.toContain("noRestrictedImports");
    expect(
      await lint(
        "cli/probe-layers-j.ts",
        'import type * as o from "@guestkit/core/inspect";\nexport type O = typeof o;\n',
      ),
    ).not.toContain("noRestrictedImports");
  });
});
