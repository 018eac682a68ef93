import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { debugfs, leftovers, MIB, partitionOf, toRaw, workbench } from "./workbench.ts";

const bench = await workbench("kill");
const { at } = bench;
const SEED = Number(process.env.GUESTKIT_TEST_SEED ?? 20261122);
const PROGRAM = join(import.meta.dirname, "../../support/build-program.ts");
const MARK = `GUESTKIT_KILL_TEST=${bench.dir}`;

mkdirSync(at("content"));
writeFileSync(at("content/keep"), "kept\n".repeat(40_000));
writeFileSync(at("filler"), Buffer.alloc(3 * MIB, 9));

/** Numbers from 0 to 1 that a seed fixes (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function start(config: object): Promise<ChildProcess> {
  const [name, value] = MARK.split("=") as [string, string];
  const input = JSON.stringify({ config, settings: bench.settings });
  const child = spawn(process.execPath, ["--conditions=guestkit-source", PROGRAM, input], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, [name]: value },
  });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  return child;
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));

/** Everything that the child started, told by the environment that it inherited. */
async function descendants(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    if (environment.split("\0").includes(MARK))
      found.push(await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => pid));
  }
  return found;
}

async function demandQuiet(): Promise<void> {
  const deadline = performance.now() + 5000;
  while ((await descendants()).length > 0 && performance.now() < deadline) await sleep(50);
  expect(await descendants()).toEqual([]);
  expect(await readFile("/proc/self/mounts", "latin1")).not.toContain(bench.dir);
}

/** Starts an apply and kills it after `delay` ms; tells whether it had come to its end. */
async function killAfter(config: object, delay: number): Promise<void> {
  const child = await start(config);
  const end = ended(child);
  await Promise.race([end, sleep(delay)]);
  child.kill("SIGKILL");
  await end;
  await demandQuiet();
}

interface Scenario {
  readonly name: string;
  readonly config: Record<string, unknown> & { path: string };
  /** What must be there before. */
  readonly before?: Record<string, unknown> & { path: string };
  /** Where in the apply it is killed: parts of its whole time. */
  readonly points: number;
}

const partition = { name: "root", filesystem: "ext4", content: { directory: at("content") } };
const layout = { partitions: [{ name: "esp", type: "esp", size: "40M", filesystem: "vfat" }, partition] };
const small = { path: at("grow.qcow2"), size: "128M", layout };
const files = [
  { path: "/etc/new/file", source: at("filler") },
  { path: "/keep", content: "changed" },
];

let server: Server | undefined;
afterAll(() => server?.close().closeAllConnections());

/** A server that takes about a second for the image. */
async function slowServer(): Promise<string> {
  await run("qemu-img", ["create", "-q", "-f", "raw", at("source.raw"), "4M"]);
  writeFileSync(at("source.raw"), Buffer.alloc(4 * MIB, 5));
  const body = readFileSync(at("source.raw"));
  server = createServer(async (request, response) => {
    const from = Number(/^bytes=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { etag: '"x"', "content-length": body.length - from, ...range });
    for (let offset = from; offset < body.length && !response.destroyed; offset += 256 << 10) {
      response.write(body.subarray(offset, offset + (256 << 10)));
      await sleep(60);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/source.raw`;
}

const url = await slowServer();
const sha256 = createHash("sha256")
  .update(readFileSync(at("source.raw")))
  .digest("hex");

const scenarios: readonly Scenario[] = [
  { name: "download", config: { path: at("download.qcow2"), source: { url, sha256 } }, points: 2 },
  { name: "mkfs, files and rename", config: { path: at("made.qcow2"), size: "128M", layout, files }, points: 3 },
  { name: "grow", before: small, config: { ...small, size: "256M" }, points: 3 },
  {
    name: "files in place",
    before: { ...small, path: at("files.raw"), format: "raw" },
    config: { ...small, path: at("files.raw"), format: "raw", files },
    points: 3,
  },
  {
    name: "replace",
    before: { ...small, path: at("replace") },
    config: { ...small, path: at("replace"), format: "raw", files },
    points: 2,
  },
];

async function prepareFor({ before, config }: Scenario): Promise<void> {
  await bench.destroy(config as never).catch(() => {});
  await rm(at("cache/downloads"), { recursive: true, force: true });
  if (before) await bench.apply(before as never);
}

/** An image that stands at the target is one that every tool accepts, with all of the old or all of the new. */
async function demandWhole(scenario: Scenario): Promise<void> {
  const { path } = scenario.config;
  const there = await stat(path).catch(() => null);
  if (!there) return void expect(scenario.before).toBeUndefined();
  const format = (JSON.parse(await run("qemu-img", ["info", "--output=json", path])) as { format: string }).format;
  if (format === "qcow2") await run("qemu-img", ["check", path]);
  if (scenario.name === "download")
    return void expect((await readFile(await toRaw(path, at("look.raw")))).equals(readFileSync(at("source.raw")))).toBe(
      true,
    );
  const root = await partitionOf(await toRaw(path, at("look.raw")), 1, at("look.ext4"));
  await run("e2fsck", ["-f", "-n", root]);
  const isNew = (await debugfs(root, "cat /keep")) === "changed";
  const added = (await debugfs(root, "stat /etc/new/file")).includes(`Size: ${3 * MIB}`);
  expect(added).toBe(isNew);
  if (!isNew) expect(await debugfs(root, "cat /keep")).toBe("kept\n".repeat(40_000));
}

test.each(scenarios)(
  "kill -9 during $name leaves the old or the new image, and the next apply converges",
  async (scenario) => {
    const next = random(SEED + scenario.points + scenario.name.length);
    await prepareFor(scenario);
    const whole = await start(scenario.config);
    const began = performance.now();
    expect(await ended(whole)).toBe(0);
    const duration = performance.now() - began;
    for (let point = 0; point < scenario.points; point++) {
      await prepareFor(scenario);
      const delay = duration * ((point + next()) / scenario.points);
      await killAfter(scenario.config, delay);
      await demandWhole(scenario);
      const note = `seed ${SEED}, ${scenario.name}, killed after ${Math.round(delay)} of ${Math.round(duration)} ms`;
      await bench.apply(scenario.config as never);
      expect((await bench.prepare(scenario.config as never)).plan.action, note).toBe("none");
      expect(await leftovers(bench.dir), note).toEqual([]);
      await demandWhole(scenario);
    }
  },
);

test("an interrupted apply ends at once, with nothing left", async () => {
  const stop = new AbortController();
  const config = { path: at("stopped.qcow2"), size: "128M", layout } as never;
  let began = 0;
  const progress = ({ phase }: { phase: string }) => {
    if (phase !== "making file systems") return;
    began = performance.now();
    stop.abort();
  };
  await expect(bench.apply(config, { signal: stop.signal, progress })).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  expect(performance.now() - began).toBeLessThan(5000);
  await demandQuiet();
  expect(await leftovers(bench.dir)).toEqual([]);
  await expect(stat(at("stopped.qcow2"))).rejects.toThrow("ENOENT");
});
