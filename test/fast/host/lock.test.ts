import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { sweepLock, takeLock, waitUnlocked } from "../../../core/host/lock.ts";
import { lockPath } from "../../../core/host/lock-holder.ts";
import { contextIn } from "../../support/machine.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("lock");
const context = contextIn(dir);
const place = (name: string) => join(dir, name);
const now = { patience: 0 };

it("is held by one at a time, and leaves nothing behind", async () => {
  const id = place("one");
  {
    await using _held = await takeLock(id, context);
    await expect(takeLock(id, context, now)).rejects.toMatchObject({ code: "E_LOCKED", at: { file: id } });
  }
  {
    await using _again = await takeLock(id, context, now);
    expect(await readdir(dir)).toContain(".one.guestkit-lock");
  }
  expect(await readdir(dir)).not.toContain(".one.guestkit-lock");
});

it("is waited for, and the wait is interrupted at once", async () => {
  const id = place("waited");
  const held = await takeLock(id, context);
  const waiting = takeLock(id, context);
  expect(await Promise.race([waiting.then(() => "taken"), sleep(100, "waits")])).toBe("waits");
  const { signal, abort } = aborting();
  const stopped = takeLock(id, { ...context, signal });
  abort();
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  await held[Symbol.asyncDispose]();
  await using _next = await waiting;
});

it("goes by what the kernel keeps: files of locks that nobody holds are no locks, whatever they say", async () => {
  for (const text of ["", "nonsense", JSON.stringify({ pid: process.pid, tag: "00000000" })]) {
    await writeFile(lockPath(place("stale")), text);
    await using _taken = await takeLock(place("stale"), context, now);
  }
});

it("is free when its holder is killed, and its file is swept then alone", async () => {
  const id = place("killed");
  const holder = await lockedByAnother(lockPath(id));
  await sweepLock(id);
  await expect(takeLock(id, context, now)).rejects.toMatchObject({ code: "E_LOCKED" });
  await kill(holder);
  await sweepLock(id);
  expect(await readdir(dir)).not.toContain(".killed.guestkit-lock");
});

it("is looked at without being taken", async () => {
  const id = place("looked");
  await waitUnlocked(id, context, now);
  await using _held = await takeLock(id, context);
  await expect(waitUnlocked(id, context, now)).rejects.toThrow(
    `Cannot use "${id}": process ${process.pid} is changing it`,
  );
});

it("names a holder that says nothing of itself, and the way out", async () => {
  const id = place("silent");
  const holder = await lockedByAnother(lockPath(id));
  const refused = takeLock(id, context, now);
  await expect(refused).rejects.toThrow(new RegExp(`process ${holder.pid} \\(flock\\) holds a lock`));
  await expect(refused).rejects.toMatchObject({ help: expect.stringMatching(/--lock-timeout.*chmod/) });
  await kill(holder);
});

/** Each turn starts a program: on a busy host twelve of them take longer than a lock is waited for otherwise (ms). */
const PATIENCE = 120_000;

it("passes from one to the next while its file comes and goes", async () => {
  const id = place("passed");
  let inside = 0;
  const turns = Array.from({ length: 12 }, async () => {
    await using _held = await takeLock(id, context, { patience: PATIENCE });
    expect(++inside).toBe(1);
    await sleep(2);
    inside--;
  });
  await Promise.all(turns);
  await rm(lockPath(id), { force: true });
});

function aborting() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** A process that holds the lock of a file, and says so. */
async function lockedByAnother(path: string): Promise<ChildProcess> {
  const child = spawn("flock", ["-o", path, "sh", "-c", "echo held; exec sleep 60"], { detached: true });
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await ended;
}
