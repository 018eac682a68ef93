import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GUESTKIT_PROGRAM } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("signal");
let serial = 0;
let here = dir;
const started: ChildProcess[] = [];

beforeEach(async () => {
  here = join(dir, String(++serial));
  await mkdir(join(here, "bin"), { recursive: true });
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

interface Started {
  readonly child: ChildProcess;
  /** What it said on standard error so far. */
  readonly said: () => string;
  readonly closed: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

function guestkit(...args: readonly string[]): Started {
  const child = spawn(GUESTKIT_PROGRAM, args, {
    cwd: here,
    env: {
      ...process.env,
      PATH: `${join(here, "bin")}:${process.env.PATH}`,
      GUESTKIT_DATA_DIR: join(here, "data"),
      GUESTKIT_CACHE_DIR: join(here, "cache"),
      GUESTKIT_RUNTIME_DIR: join(here, "run"),
    },
    stdio: ["pipe", "ignore", "pipe"],
  });
  started.push(child);
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const closed = once(child, "close").then(([code, signal]) => [code, signal] as const);
  return { child, said: () => text, closed };
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const isThere = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    () => false,
  );

/** Whether a process runs; one that nobody has asked for its end does not. */
async function isAlive(pid: string): Promise<boolean> {
  const state = await readFile(`/proc/${pid.trim()}/stat`, "utf8").catch(() => ") X");
  return !/\) [XZ]/.test(state);
}

/** A program in the place of another: it hears no signal, has a child of its own, and tells both. */
async function deaf(name: string): Promise<{ ready: () => Promise<boolean>; pids: () => Promise<string[]> }> {
  const file = join(here, "bin", name);
  await writeFile(
    file,
    `#!/bin/sh\ntrap '' TERM INT HUP\nsleep 1000 & echo $! > ${here}/child\necho $$ > ${here}/own\nwhile :; do sleep 1000; done\n`,
  );
  await chmod(file, 0o755);
  const [child, own] = [join(here, "child"), join(here, "own")];
  return {
    ready: () => isThere(own),
    pids: () => Promise.all([readFile(own, "utf8"), readFile(child, "utf8")]),
  };
}

/** A server that takes a request and never answers. */
async function silentServer() {
  let asked = false;
  const server = createServer(() => {
    asked = true;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/image.raw`,
    isAsked: () => asked,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A file whose reads are never answered: QEMU serves it by FUSE, and is stopped. */
async function hungDisk(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const [path, disk] = [join(here, "hung.raw"), join(here, "disk.raw")];
  for (const each of [path, disk]) await run("truncate", ["-s", "1M", each]);
  const options = `type=fuse,id=e,node-name=disk,mountpoint=${path}`;
  const daemon = spawn("qemu-storage-daemon", [
    "--blockdev",
    `file,node-name=disk,filename=${disk}`,
    "--export",
    options,
  ]);
  // Ended with the others where the test fails: nobody could remove the folder as long as it is stopped.
  started.push(daemon);
  const ended = once(daemon, "close");
  await until(async () => (await readFile("/proc/self/mounts", "utf8")).includes(path));
  daemon.kill("SIGSTOP");
  const end = async () => {
    daemon.kill("SIGCONT");
    daemon.kill("SIGTERM");
    await ended;
  };
  return { path, [Symbol.asyncDispose]: end };
}

/** Whether one of a process's threads waits for an answer of FUSE. */
async function hangs(pid: number): Promise<boolean> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const places = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/wchan`, "utf8").catch(() => ""));
  return (await Promise.all(places)).some((place) => /fuse|request_wait/.test(place));
}

describe("the first signal ends what waits, with 130", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("for a server: %s", async (signal) => {
    using server = await silentServer();
    const { child, closed } = guestkit("create", "a.raw", "--source", server.url);
    await until(server.isAsked);
    child.kill(signal);
    expect(await closed).toEqual([130, null]);
  });

  it("for a lock", async () => {
    using server = await silentServer();
    const first = guestkit("create", "a.raw", "--source", server.url);
    await until(server.isAsked);
    const second = guestkit("create", "a.raw", "--size", "1M", "--lock-timeout", "600");
    await until(async () => (await run("ls", ["-A", join(here, "run/progress")])).trim().split("\n").length === 2);
    second.child.kill("SIGINT");
    expect(await second.closed).toEqual([130, null]);
    first.child.kill("SIGINT");
    expect(await first.closed).toEqual([130, null]);
  });
});

describe("the second signal ends everything at once", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("a program that hears none, and its child: %s", async (signal) => {
    const program = await deaf("qemu-img");
    const { child, said, closed } = guestkit("create", "a.qcow2", "--size", "1M");
    await until(program.ready);
    const pids = await program.pids();
    child.kill(signal);
    await until(() => said().includes("once more"));
    child.kill(signal);
    expect(await closed).toEqual([null, "SIGINT"]);
    await until(async () => !(await Promise.all(pids.map(isAlive))).includes(true));
  });

  it.runIf(existsSync("/dev/fuse") && process.getuid?.() === 0)("a disk that answers no read", async () => {
    await using disk = await hungDisk();
    const { child, said, closed } = guestkit("create", "a.raw", "--format", "raw", "--source", disk.path);
    await until(() => hangs(child.pid ?? 0));
    child.kill("SIGINT");
    await until(() => said().includes("once more"));
    child.kill("SIGINT");
    expect(await closed).toEqual([null, "SIGINT"]);
  });
});
