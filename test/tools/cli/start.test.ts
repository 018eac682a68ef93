import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("start");
const image = join(dir, "image.raw");
const preload = join(dir, "preload.cjs");
await mkdir(join(dir, "tree"));
await writeFile(join(dir, "tree/file"), "text");
await run("truncate", ["-s", "8M", image]);
await run("mke2fs", ["-q", "-t", "ext4", "-d", join(dir, "tree"), image]);
// What Node tells of its own modules that it has run.
await writeFile(
  preload,
  `process.on("exit", () => require("node:fs").writeSync(2, process.moduleLoadList.join("\\n")))`,
);

/** Each takes 3 to 5 ms, of a start of 70. */
const DEAR = ["zlib", "perf_hooks", "readline/promises", "crypto", "net", "child_process", "worker_threads"];

it.each([
  ["cat", image, "/file"],
  ["ls", "-R", "--json", image],
])("%s starts without what Node loads by itself for what is not used", async (...args) => {
  const { exitCode, stderr } = await guestkit(args, { env: { NODE_OPTIONS: `--require ${preload}` } });
  const loaded = new Set(stderr.split("\n").map((line) => line.replace("NativeModule ", "")));
  expect(exitCode).toBe(0);
  expect([...loaded]).toContain("fs/promises");
  expect(DEAR.filter((name) => loaded.has(name))).toEqual([]);
});
