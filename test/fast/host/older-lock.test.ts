/** Two releases at once: earlier ones took a file with pid and tag for the lock itself, and know nothing of the kernel's. */
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { lockFile, waitFileUnlocked } from "../../../core/host/file-lock.ts";
import { takeLock, waitUnlocked } from "../../../core/host/lock.ts";
import { lockPath } from "../../../core/host/lock-holder.ts";
import { bootId, startTime } from "../../../core/host/owner.ts";
import { contextIn } from "../../support/machine.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("older");
const context = contextIn(dir);
const now = { patience: 0 };

/** As they wrote it. */
const tag = createHash("sha256")
  .update(`${bootId()} ${startTime(process.pid)}`)
  .digest("hex")
  .slice(0, 8);
const older = JSON.stringify({ pid: process.pid, tag });

it.each([
  ["a file's lock", (id: string) => lockFile(id, context, now)],
  ["a machine's lock", (id: string) => takeLock(id, context, now)],
  ["a look at a file", (id: string) => waitFileUnlocked(id, context, now)],
  ["a look at a machine", (id: string) => waitUnlocked(id, context, now)],
])("%s waits for a command of an earlier release", async (_, take) => {
  const id = join(dir, "held");
  await writeFile(lockPath(id), older);
  await expect(take(id)).rejects.toMatchObject({
    code: "E_LOCKED",
    message: expect.stringContaining("earlier release"),
  });
  expect(await readFile(lockPath(id), "utf8")).toBe(older);
  await rm(lockPath(id));
});

it("is had once that has ended; a dead one's and a stranger's are in nobody's way", async () => {
  const id = join(dir, "ends");
  await writeFile(lockPath(id), older);
  const waiting = lockFile(id, context);
  expect(await Promise.race([waiting.then(() => "taken"), sleep(50, "waits")])).toBe("waits");
  await rm(lockPath(id));
  await (await waiting)[Symbol.asyncDispose]();
  for (const text of [
    JSON.stringify({ pid: 999_999, tag }),
    JSON.stringify({ pid: process.pid, tag: "" }),
    "{",
    "null",
  ]) {
    await writeFile(lockPath(id), text);
    await (await lockFile(id, context, now))[Symbol.asyncDispose]();
  }
});

it("is told in a way that earlier releases take for a lock of their own", async () => {
  const id = join(dir, "ours");
  for (const take of [lockFile, takeLock]) {
    await using _held = await take(id, context);
    expect(JSON.parse(await readFile(lockPath(id), "utf8"))).toMatchObject({ pid: process.pid, tag });
  }
});
