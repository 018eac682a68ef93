import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { GuestkitError, inspect, open } from "../../../core/index.ts";
import { NO_SYSTEM } from "../../../core/inspect/report.ts";
import { memorySource } from "../../../core/source/memory.ts";

describe("the library", () => {
  it("inspects bytes that are no file", async () => {
    const report = await inspect(memorySource(new Uint8Array(1 << 20)));
    expect(report).toMatchObject({ ...NO_SYSTEM, filesystems: [], warnings: [] });
  });

  it("refuses what it cannot find, by its path", async () => {
    const refused = open("/nonexistent/image.qcow2");
    await expect(refused).rejects.toBeInstanceOf(GuestkitError);
    await expect(refused).rejects.toMatchObject({ code: "E_SOURCE_OPEN", at: { file: "/nonexistent/image.qcow2" } });
  });

  it("loads nothing of Node until a path is opened, so that a browser can run it", async () => {
    const { metafile } = await build({
      entryPoints: ["core/inspect/index.ts"],
      absWorkingDir: new URL("../../..", import.meta.url).pathname,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      external: ["node:*"],
      outdir: "out",
      write: false,
      metafile: true,
    });
    const start = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === "core/inspect/index.ts");
    const loaded = reachable(metafile.outputs, start?.[0] ?? "");
    expect(loaded).not.toEqual([]);
    expect(loaded.filter((path) => path.startsWith("node:"))).toEqual([]);
  });
});

type Outputs = Awaited<ReturnType<typeof build<{ metafile: true }>>>["metafile"]["outputs"];

/** What a chunk loads at once, directly or through other chunks. */
function reachable(outputs: Outputs, start: string): readonly string[] {
  const found = new Set([start]);
  for (const path of found) {
    const now = outputs[path]?.imports.filter(({ kind }) => kind === "import-statement") ?? [];
    for (const { path: next } of now) found.add(next);
  }
  return [...found];
}
