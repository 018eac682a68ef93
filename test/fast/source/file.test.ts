import { execFileSync, spawn } from "node:child_process";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openFileSource } from "../../../core/source/file.ts";
import { scratch } from "../../support/run.ts";

let dir = "";
beforeAll(async () => {
  dir = await scratch("source");
});

test("reads any part, small and large", async () => {
  const content = Buffer.alloc(700_000, "guestkit ");
  await writeFile(join(dir, "file"), content);
  await using source = await openFileSource(join(dir, "file"));
  expect([source.name, source.size]).toEqual([join(dir, "file"), 700_000]);
  for (const [offset, length] of [
    [0, 700_000],
    [1, 5],
    [699_999, 1],
    [700_000, 0],
    [100, 300_000],
  ] as const) {
    expect(Buffer.compare(await source.read(offset, length), content.subarray(offset, offset + length))).toBe(0);
  }
  await expect(source.read(699_999, 2)).rejects.toMatchObject({ code: "E_SOURCE_BOUNDS" });
});

test("a missing file, a folder and a pipe are refused, with a place", async () => {
  execFileSync("mkfifo", [join(dir, "pipe")]);
  const refusals = { missing: "E_SOURCE_OPEN", ".": "E_SOURCE_KIND", pipe: "E_SOURCE_KIND" };
  for (const [name, code] of Object.entries(refusals)) {
    await expect(openFileSource(join(dir, name))).rejects.toMatchObject({ code, at: { file: join(dir, name) } });
  }
});

test("what is no disk is not even opened: a device may act on that, and whoever waits at a pipe would be let through", async () => {
  const pipe = join(dir, "waiting");
  execFileSync("mkfifo", [pipe]);
  const writer = spawn("sh", ["-c", 'trap "" PIPE; echo first > "$1"; echo second > "$1"', "sh", pipe]);
  // Time for it to wait at the pipe; one that comes later waits as well.
  await new Promise((resume) => setTimeout(resume, 200));
  await expect(openFileSource(pipe)).rejects.toMatchObject({ code: "E_SOURCE_KIND" });
  expect(await readFile(pipe, "utf8")).toMatch(/^first\n/);
  writer.kill();
});

test("a file that shrinks, and one that is closed", async () => {
  await writeFile(join(dir, "shrinks"), new Uint8Array(1000));
  const source = await openFileSource(join(dir, "shrinks"));
  await truncate(join(dir, "shrinks"), 500);
  await expect(source.read(400, 200)).rejects.toMatchObject({ code: "E_SOURCE_SHRUNK", at: { offset: 500 } });
  await source[Symbol.asyncDispose]();
  await expect(source.read(0, 1)).rejects.toMatchObject({ code: "E_SOURCE_CLOSED" });
});

test("many reads in a row leave timers their turn, and an abort is heard", async () => {
  await writeFile(join(dir, "busy"), new Uint8Array(1 << 20));
  await using source = await openFileSource(join(dir, "busy"));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const reading = async () => {
    for (let count = 0; count < 10_000_000; count++) await source.read(0, 4096, controller.signal);
  };
  await expect(reading()).rejects.toMatchObject({ name: "AbortError" });
});
