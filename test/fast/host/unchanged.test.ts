import { mkdtemp, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Unchanged } from "../../../core/host/unchanged.ts";

/** Longer than a tick of the kernel's clock (ms). */
const TICK = 25;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-unchanged-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A file's text, and how often it was read. */
async function kept(text: string) {
  const path = join(folder, "a");
  await writeFile(path, text);
  const known = new Unchanged<string>(2);
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { value: await readFile(path, "utf8").catch(() => "gone"), files: [path] };
  };
  const get = () => known.get(path, read);
  /** Reads until what was read counts. */
  const settle = async () => {
    await get();
    await sleep(TICK);
    await get();
    reads = 0;
  };
  return { path, get, settle, reads: () => reads };
}

it("reads an untouched file no third time", async () => {
  const { get, settle, reads } = await kept("one");
  await settle();
  expect([await get(), await get(), reads()]).toEqual(["one", "one", 0]);
});

it("reads again what was read within a tick of its change", async () => {
  const { path, get } = await kept("one");
  expect(await get()).toBe("one");
  await writeFile(path, "two");
  expect(await get()).toBe("two");
});

it.each([
  ["written", (path: string) => writeFile(path, "two")],
  ["replaced", (path: string) => writeFile(`${path}.new`, "two").then(() => rename(`${path}.new`, path))],
  ["written with its old time", (path: string) => writeFile(path, "two").then(() => utimes(path, 1, 1))],
])("sees one that was %s", async (_, change) => {
  const { path, get, settle } = await kept("one");
  await utimes(path, 1, 1);
  await settle();
  await change(path);
  expect(await get()).toBe("two");
});

it("sees one that is gone", async () => {
  const { path, get, settle } = await kept("one");
  await settle();
  await rm(path);
  expect(await get()).toBe("gone");
});
