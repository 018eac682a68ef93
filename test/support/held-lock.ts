import { readFile, stat } from "node:fs/promises";
import { expect } from "vitest";
import { lockFile } from "../../core/host/file-lock.ts";

/** The lock of a thing, as another command that is at work on it has it. */
interface HeldLock extends AsyncDisposable {
  /** Until somebody waits for it. */
  readonly waitedFor: () => Promise<void>;
}

/** Of a file that is there. */
async function holdLock(path: string): Promise<HeldLock> {
  const lock = await lockFile(path, { signal: new AbortController().signal });
  const { ino } = await stat(path);
  // Whoever waits for a lock has a line of its own below it (proc_locks(5)).
  const waiting = new RegExp(`^\\d+: -> .*:${ino} `, "m");
  return {
    waitedFor: () =>
      expect
        .poll(async () => waiting.test(await readFile("/proc/locks", "utf8")), { timeout: 120_000, interval: 50 })
        .toBe(true),
    [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
  };
}

/** What becomes of work on a thing whose line is cut while it waits there; the thing is let go once this side has ended. */
export async function cutOff<T>(path: string, start: () => Promise<T>, cut: () => void): Promise<T> {
  await using lock = await holdLock(path);
  const running = start();
  await lock.waitedFor();
  cut();
  return await running;
}
