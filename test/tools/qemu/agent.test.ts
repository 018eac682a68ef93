import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { connect } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findTool } from "../../../core/host/program/process.ts";
import { type Agent, connectAgent } from "../../../core/qemu/agent/index.ts";
import { listens } from "../../support/paused-qemu.ts";
import { scratch } from "../../support/scratch.ts";

/** What it must not do to the host that the tests run on. */
const BLOCKED = [
  "guest-shutdown",
  "guest-suspend-disk",
  "guest-suspend-ram",
  "guest-fsfreeze-freeze",
  "guest-set-time",
];

/** A real qemu-ga whose guest is this host, with the harmful commands blocked; ends with the test. */
async function realAgent(): Promise<{ agent: Agent; dir: string; path: string; pid: number }> {
  const dir = await scratch("qemu-ga");
  const path = join(dir, "agent.sock");
  const options = ["-m", "unix-listen", "-p", path, "-t", dir, "-f", join(dir, "pid"), "-b", BLOCKED.join(",")];
  const child = spawn(findTool("qemu-ga"), options, { stdio: "ignore" });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  await listens(path);
  const agent = await connectAgent(path, { timeoutMs: 60_000 });
  onTestFinished(() => agent.close());
  return { agent, dir, path, pid: child.pid as number };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(parts));
}

it("tells what the guest is", async () => {
  const { agent } = await realAgent();
  const { version, commands } = await agent.info();
  expect(version).toMatch(/^\d+\./);
  expect(commands).toContain("guest-exec");
  expect(await agent.hostName()).toBe(hostname());
  const release = await readFile("/etc/os-release", "utf8");
  expect(release).toContain((await agent.osInfo()).id);
  expect(await agent.interfaces()).toContainEqual({
    name: "lo",
    mac: "00:00:00:00:00:00",
    addresses: expect.arrayContaining([{ family: "ipv4", address: "127.0.0.1", prefix: 8 }]),
  });
  await expect(agent.authorizedKeys("nobody-of-that-name")).rejects.toMatchObject({ code: "E_AGENT_COMMAND" });
});

it("refuses what is blocked, with the agent's own words", async () => {
  const { agent } = await realAgent();
  // Never ask for what would end this host.
  expect((await agent.info()).commands).not.toContain("guest-fsfreeze-freeze");
  await expect(agent.freeze()).rejects.toMatchObject({ code: "E_AGENT_COMMAND", errorClass: "CommandNotFound" });
  expect(await agent.freezeStatus()).toBe("thawed");
});

it("runs programs with input, environment and both outputs, and passes on how they end", async () => {
  const { agent } = await realAgent();
  const script = 'cat; printf "%s" "$COLOUR" >&2; exit 7';
  const input = Buffer.from([0, 255, 10, 195, 164]);
  const result = await agent.exec({ path: "/bin/sh", args: ["-c", script], env: { COLOUR: "grün" }, input });
  expect(result).toMatchObject({ exitCode: 7, signal: null, truncated: false });
  expect(Buffer.from(result.stdout)).toEqual(input);
  expect(text(result.stderr)).toBe("grün");
  expect(await agent.exec({ path: "/bin/sh", args: ["-c", "kill -TERM $$"] })).toMatchObject({
    exitCode: null,
    signal: 15,
  });
  await expect(agent.exec({ path: "/nonexistent" })).rejects.toMatchObject({ code: "E_AGENT_COMMAND" });
  const quiet = await agent.exec({ path: "/bin/echo", args: ["said"], captureOutput: false });
  expect(text(quiet.stdout)).toBe("");
  const cut = await agent.exec({ path: "/bin/echo", args: ["0123456789"], maxOutput: 4 });
  expect([text(cut.stdout), cut.truncated]).toEqual(["0123", true]);
});

it("bounds the output of a program that says too much", async () => {
  const { agent } = await realAgent();
  const args = ["-c", "head -c 20000000 /dev/zero"];
  const { stdout, truncated } = await agent.exec({ path: "/bin/sh", args, timeoutMs: 120_000 });
  expect(truncated).toBe(true);
  expect(stdout.length).toBeLessThanOrEqual(16 << 20);
});

it("kills a program that takes too long, and one that is stopped", async () => {
  const { agent, dir } = await realAgent();
  const controller = new AbortController();
  for (const [name, limit] of Object.entries({ late: { timeoutMs: 1500 }, stopped: { signal: controller.signal } })) {
    const file = join(dir, name);
    const args = ["-c", `echo $$ > ${file}; exec sleep 1000`];
    const onPoll = () =>
      name === "stopped" &&
      stat(file).then(
        () => controller.abort(),
        () => {},
      );
    const running = agent.exec({ path: "/bin/sh", args, onPoll, ...limit });
    await expect(running).rejects.toMatchObject(
      name === "late" ? { code: "E_AGENT_EXEC_TIMEOUT" } : { name: "AbortError" },
    );
    const pid = Number(await readFile(file, "utf8"));
    // The agent reaps it in its own time; a zombie is no longer running.
    await expect.poll(() => isRunning(pid), { timeout: 30_000 }).toBe(false);
  }
});

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return status !== "" && !/^State:\s+Z/m.test(status);
}

it("writes and reads files of any content, in parts, with a mode", async () => {
  const { agent, dir } = await realAgent();
  const file = join(dir, "grüße 'n $HOME.bin");
  const content = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 7) & 0xff));
  await agent.writeFile(file, content, { mode: 0o600 });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file)).equals(content)).toBe(true);
  expect((await collect(agent.readFile(file))).equals(content)).toBe(true);
  await agent.writeFile(file, [Buffer.from("more"), new Uint8Array(), Buffer.from("!")], { append: true });
  expect((await readFile(file)).length).toBe(content.length + 5);
  await agent.writeFile(file, "");
  expect((await collect(agent.readFile(file))).length).toBe(0);
  for await (const _part of agent.readFile("/dev/zero")) break;
  await expect(agent.writeFile("/nonexistent/file", "x")).rejects.toMatchObject({ code: "E_AGENT_COMMAND" });
});

it("comes to itself after the agent hung, was left half way, or died", async () => {
  const { agent, path, pid } = await realAgent();
  process.kill(pid, "SIGSTOP");
  await expect(agent.hostName({ timeoutMs: 200 })).rejects.toMatchObject({ code: "E_AGENT_TIMEOUT" });
  await expect(agent.ping({ timeoutMs: 700 })).rejects.toMatchObject({ code: "E_AGENT_SILENT" });
  process.kill(pid, "SIGCONT");
  expect((await agent.osInfo({ timeoutMs: 60_000 }))["kernel-release"]).toMatch(/\d/);
  await agent.ping();
  await agent[Symbol.asyncDispose]();
  const careless = connect(path);
  await new Promise((sent) => careless.write('{"execute":"guest-get-host-', sent));
  careless.destroy();
  const again = await connectAgent(path, { timeoutMs: 60_000 });
  expect(await again.hostName()).toBe(hostname());
  const running = again.exec({ path: "/bin/sleep", args: ["2"] });
  process.kill(pid, "SIGKILL");
  await expect(running).rejects.toMatchObject({ code: "E_AGENT_CLOSED" });
});
