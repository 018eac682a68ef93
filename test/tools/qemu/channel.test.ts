import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { closeChannel, openChannel } from "../../../core/qemu/channel.ts";
import { scratch } from "../../support/scratch.ts";

it("has one that waits to take over; whoever else connects at that moment is refused", async () => {
  const folder = await scratch("channel");
  const path = join(folder, "channel-0");
  await openChannel(folder, 0, `exec sh -c 'read line' "$0"\n`);
  const taking = spawn("flock", [`${path}.lock`, "sh", "-c", "echo; cat"], { stdio: ["pipe", "pipe", "ignore"] });
  await once(taking.stdout, "data");
  // As libslirp does for each connection.
  const connections = Array.from({ length: 6 }, () =>
    spawn("/bin/sh", ["-c", '. "$0"', path], { stdio: ["pipe", "ignore", "ignore"] }),
  );
  const ended = (): ChildProcess[] => connections.filter(({ exitCode }) => exitCode !== null);
  try {
    await expect.poll(() => ended().length).toBe(5);
    expect(ended().map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1, 1]);
    taking.stdin.end();
    const last = connections.find((each) => !ended().includes(each));
    await expect.poll(() => readFile(`${path}.pid`, "utf8").catch(() => "")).toBe(`${last?.pid}\n`);
    await closeChannel(folder, 0);
    await expect.poll(() => ended().length + (last?.signalCode === "SIGKILL" ? 1 : 0)).toBe(6);
  } finally {
    for (const each of [taking, ...connections]) each.kill("SIGKILL");
  }
});

it("ends whoever was connected before, the server as well", async () => {
  const folder = await scratch("channel");
  const path = join(folder, "channel-0");
  await openChannel(folder, 0, "sh -c 'echo serving; read line'\n");
  const connect = () => spawn("/bin/sh", ["-c", '. "$0"', path], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  const first = connect();
  const serving = once(first.stdout, "data");
  // Its output is closed when the last process that holds it has ended: its server, below it.
  const gone = once(first, "close");
  let second: ChildProcess | undefined;
  try {
    await serving;
    second = connect();
    expect(await gone).toEqual([null, "SIGKILL"]);
    await expect.poll(() => readFile(`${path}.pid`, "utf8")).toBe(`${second.pid}\n`);
    expect(second.exitCode).toBeNull();
  } finally {
    await closeChannel(folder, 0);
    first.kill("SIGKILL");
    second?.kill("SIGKILL");
  }
});
