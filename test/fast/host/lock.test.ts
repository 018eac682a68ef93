import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lockPath, sweepLock, takeLock } from "../../../core/host/lock.ts";
import { isAlive, ownOwner } from "../../../core/host/owner.ts";
import { scratch } from "../../support/run.ts";

const { signal } = new AbortController();

it("is held by one at a time, and leaves nothing behind", async () => {
  const dir = await scratch("lock");
  const id = join(dir, "image");
  {
    await using _held = await takeLock(id, signal);
    await expect(takeLock(id, signal, 0)).rejects.toMatchObject({ code: "E_LOCKED", at: { file: id } });
  }
  await using _again = await takeLock(id, signal, 0);
  expect(await readdir(dir)).toEqual([".image.guestkit-lock"]);
});

it("is waited for, and the wait can be interrupted", async () => {
  const id = join(await scratch("lock"), "image");
  const held = await takeLock(id, signal);
  const waiting = takeLock(id, signal);
  await held[Symbol.asyncDispose]();
  await using _next = await waiting;
  const controller = new AbortController();
  const stopped = takeLock(id, controller.signal);
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
});

it("is taken over from a process that is dead, and from one with the same number before", async () => {
  const id = join(await scratch("lock"), "image");
  const child = spawn("true");
  await once(child, "exit");
  for (const holder of [
    { pid: child.pid, tag: "00000000" },
    { ...ownOwner(), tag: "00000000" },
  ]) {
    await writeFile(lockPath(id), JSON.stringify(holder));
    await using _taken = await takeLock(id, signal, 0);
  }
  expect(isAlive(ownOwner())).toBe(true);
});

it("is taken over from a process that was killed before it could say who it is, but not at once", async () => {
  const id = join(await scratch("lock"), "image");
  await writeFile(lockPath(id), "");
  await expect(takeLock(id, signal, 0)).rejects.toMatchObject({ code: "E_LOCKED" });
  // However old the file says it is: a host's clock may jump. Whoever waits sees for how long nothing is written.
  const before = new Date(Date.now() - 60_000);
  await utimes(lockPath(id), before, before);
  await expect(takeLock(id, signal, 0)).rejects.toMatchObject({ code: "E_LOCKED" });
  await using _taken = await takeLock(id, signal, 10_000);
});

it("sweeps what a dead holder left, and nothing of a live one's", async () => {
  const dir = await scratch("lock");
  const id = join(dir, "image");
  await writeFile(lockPath(id), JSON.stringify({ pid: process.pid, tag: "00000000" }));
  await sweepLock(id);
  expect(await readdir(dir)).toEqual([]);
  await using _held = await takeLock(id, signal);
  await sweepLock(id);
  expect(await readdir(dir)).toHaveLength(1);
});
