import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type FileHandle, mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { flock } from "../../../core/host/flock.ts";
import { scratch } from "../../support/scratch.ts";

const MANY = 40;
const now = { signal: new AbortController().signal, patience: 0 };
const dir = await scratch("flock");
const opened = (count: number): Promise<FileHandle[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => open(join(dir, `${at}`), "a")));

/** How many processes are started meanwhile. */
async function childrenOf(work: () => Promise<void>): Promise<number> {
  let count = 0;
  const each = () => {
    count += 1;
  };
  subscribe("child_process", each);
  await work().finally(() => unsubscribe("child_process", each));
  return count;
}

it("takes many that are asked for together with few children, each with its own answer", async () => {
  const [others, own] = [await opened(MANY), await opened(MANY)];
  const isOthers = (at: number) => at % 7 === 3;
  for (const [at, file] of others.entries()) if (isOthers(at)) expect(await flock(file.fd, now)).toBe("held");
  let outcomes: string[] = [];
  const children = await childrenOf(async () => {
    outcomes = await Promise.all(own.map((file) => flock(file.fd, now)));
  });
  expect(children).toBeLessThan(MANY / 4);
  expect(outcomes).toEqual(own.map((_, at) => (isOthers(at) ? "busy" : "held")));
  for (const [at, file] of others.entries()) if (!isOthers(at)) expect(await flock(file.fd, now)).toBe("busy");
  await Promise.all([...own, ...others].map((file) => file.close()));
});

it("lets nobody wait for a lock that another one waits for", async () => {
  const [[held, free], [waits, takes]] = [await opened(2), await opened(2)];
  if (!held || !free || !waits || !takes) throw new Error("two were opened");
  expect(await flock(held.fd, now)).toBe("held");
  const waiting = flock(waits.fd, { ...now, patience: 60_000 });
  expect(await flock(takes.fd, { ...now, patience: 60_000 })).toBe("held");
  await held.close();
  expect(await waiting).toBe("held");
  await Promise.all([free, waits, takes].map((file) => file.close()));
});

it.each([1, 2])("takes a child that was killed for no answer, whether %d locks are asked for", async (count) => {
  const shims = join(dir, "shims");
  await mkdir(shims, { recursive: true });
  await writeFile(join(shims, "flock"), "#!/bin/sh\nkill -9 $$\n", { mode: 0o755 });
  const files = await opened(count);
  vi.stubEnv("PATH", `${shims}:${process.env.PATH}`);
  const outcomes = await Promise.allSettled(files.map((file) => flock(file.fd, now)));
  vi.unstubAllEnvs();
  for (const each of outcomes) expect(each).toMatchObject({ reason: { code: "E_LOCK_UNKNOWN" } });
  await Promise.all(files.map((file) => file.close()));
});
