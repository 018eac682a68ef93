import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { observe } from "../../../core/resource/disk-image/observe.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-observe-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const entries = () => join(folder, "cache/observed");

async function look(path: string) {
  const settings = {
    dataDir: folder,
    cacheDir: join(folder, "cache"),
    runtimeDir: folder,
    mirror: null,
    lockTimeout: 0,
  };
  const context = { signal: new AbortController().signal, progress: () => {}, settings };
  return await observe(path, context);
}

it.each([
  ["an earlier release's", async (key: string) => JSON.stringify({ key, inside: {} })],
  ["a damaged one", async () => '{"key":'],
  ["one of another kind", async (key: string) => JSON.stringify({ key, content: [] })],
])("takes no answer out of %s cache", async (_, entry) => {
  const path = join(folder, "raw.img");
  await writeFile(path, Buffer.alloc(1 << 20));
  const first = await look(path);
  const [name = ""] = await readdir(entries());
  const { key } = JSON.parse(await readFile(join(entries(), name), "utf8")) as { key: string };
  await mkdir(entries(), { recursive: true });
  await writeFile(join(entries(), name), await entry(key));
  expect(await look(path)).toEqual(first);
  await writeFile(path, Buffer.alloc(2 << 20));
  expect((await look(path))?.input.size).toBe(2 << 20);
});
