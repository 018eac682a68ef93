import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BOOTSTRAP_PROGRAM } from "../../support/debian.ts";
import { HANG_MS } from "../../support/hang.ts";
import { type OrdinaryUser, ordinaryUser } from "../../support/ordinary-user.ts";

/** Where it is stopped: at the same points each time, in the slow run at others. */
const SEED = Number(process.env.GUESTKIT_SEED ?? (process.env.GUESTKIT_SLOW ? Date.now() % 100_000 : 17));

let user: OrdinaryUser;
let cacheDir: string;

beforeAll(async () => {
  console.info(`GUESTKIT_SEED=${SEED}`);
  user = await ordinaryUser();
  cacheDir = join(user.home, "cache");
});

afterAll(() => user[Symbol.asyncDispose]());

function job(bootstrap: Record<string, unknown>): string[] {
  return [JSON.stringify({ path: join(user.home, "stopped.raw"), size: null, cacheDir, bootstrap })];
}

/** Starts a bootstrap and lets it come to a point between its first package list and its last package. */
async function startUntil(point: number): Promise<ChildProcess> {
  const child = await user.start(BOOTSTRAP_PROGRAM, job({ kernel: "none" }));
  let seen = 0;
  let last = "";
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    last = line;
    if (++seen > point) return child;
  }
  throw new Error(`the bootstrap ended before step ${point}: ${last}`);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

function processes(): Process[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return [];
      return [{ pid: Number(pid), parent: Number(fields[1]), started: fields[19] ?? "" }];
    } catch {
      return [];
    }
  });
}

function descendants(of: number): Process[] {
  const all = processes();
  const below = (pid: number): Process[] =>
    all.filter((each) => each.parent === pid).flatMap((each) => [each, ...below(each.pid)]);
  return below(of);
}

/** Mounts below the user's folder that any process sees. */
function mounts(): string[] {
  return processes().flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/mountinfo`, "utf8")
        .split("\n")
        .filter((line) => line.includes(user.home));
    } catch {
      return [];
    }
  });
}

/** Waits until none of them runs and none of their mounts is left. */
async function gone(children: readonly Process[]): Promise<void> {
  const start = Date.now();
  const keys = new Set(children.map((each) => `${each.pid} ${each.started}`));
  while (Date.now() - start < HANG_MS) {
    const left = processes().filter((each) => keys.has(`${each.pid} ${each.started}`));
    if (left.length === 0 && mounts().length === 0) return;
    await setTimeout(50);
  }
  throw new Error(
    `still there: ${JSON.stringify(descendants(1).filter((each) => keys.has(`${each.pid} ${each.started}`)))}`,
  );
}

function leftovers(): string[] {
  const tmp = join(cacheDir, "tmp");
  return existsSync(tmp) ? readdirSync(tmp) : [];
}

describe("a bootstrap that is stopped", () => {
  it("leaves no process and no mount after SIGKILL; the next one removes its work folder", async () => {
    const child = await startUntil(3 + (SEED % 90));
    const children = descendants(child.pid ?? 0);
    expect(children.length).toBeGreaterThan(1);
    child.kill("SIGKILL");
    await gone(children);
    expect(leftovers()).toHaveLength(1);
    const { stdout } = await user.run(BOOTSTRAP_PROGRAM, job({ mirror: "http://127.0.0.1:9/debian" }));
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ error: { code: "E_BOOTSTRAP_MIRROR" } });
    expect(leftovers()).toEqual([]);
  });

  it("ends when it is interrupted, and leaves nothing", async () => {
    const child = await startUntil(3 + ((SEED * 7) % 90));
    const children = descendants(child.pid ?? 0);
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    await closed;
    await gone(children);
    // On a busy disk the work folder takes longer than we are there; nobody need wait for it.
    await expect.poll(leftovers, { timeout: 60_000 }).toEqual([]);
  });

  it("says which package does not exist", async () => {
    const { stdout } = await user.run(BOOTSTRAP_PROGRAM, job({ kernel: "none", packages: ["no-such-package"] }));
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      error: { code: "E_BOOTSTRAP_PACKAGE", at: { field: ["bootstrap", "packages", 0] } },
    });
    expect(leftovers()).toEqual([]);
  });
});
