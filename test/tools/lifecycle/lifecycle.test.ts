import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GUESTKIT } from "../../support/cli.ts";
import { bareMachine, microMachine, PATIENCE } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

interface State {
  readonly changed: boolean;
  readonly status: string;
  readonly how?: string;
  readonly pid?: number;
}

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const vm = (verb: string, ...args: string[]) => host.json<State>(["vm", ...verb.split(" "), ...args]);
const statusOf = async (name: string) => (await list()).find((each) => each.name === name)?.status;
const list = async () => await lines<{ name: string; status: string; pid: number | null }>(["vm", "list"]);

async function lines<T>(args: readonly string[]): Promise<T[]> {
  const text = await host.text([...args, "--json"]);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

async function refusal(args: readonly string[]): Promise<{ exitCode: number; code: string; message: string }> {
  const { exitCode, stderr } = await host.run([...args, "--json"]);
  const last =
    stderr
      .trim()
      .split("\n")
      .findLast((line) => line.startsWith("{")) ?? "{}";
  return { exitCode, ...(JSON.parse(last) as { error: { code: string; message: string } }).error };
}

describe("a machine with an agent", () => {
  const inside = (command: string) => host.text(["vm", "exec", "--via", "agent", "web", "--", "sh", "-c", command]);

  const declared = {
    disks: { data: { image: "data.qcow2", overlay: true } },
    provision: [
      { name: "once", inline: ["echo once >> /tmp/steps"], via: "agent" },
      { name: "ever", inline: ["echo ever >> /tmp/steps"], via: "agent", when: "always" },
    ],
  };

  beforeAll(async () => {
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(host.folder, "data.qcow2"), "64M"]);
    await host.apply({ web: await microMachine("", declared) });
  });

  it("is listed, told of, and left alone by up", async () => {
    const [web] = await list();
    expect(web).toMatchObject({ name: "web", status: "running" });
    const info = await host.json<Record<string, unknown>>(["vm", "status", "web"]);
    expect(info).toMatchObject({ status: "running", pid: web?.pid, agent: true, hostname: "micro", failure: null });
    expect(await vm("up", "web")).toMatchObject({ changed: false, status: "running", pid: web?.pid });
    const table = (await host.text(["vm", "list"])).split("\n");
    expect(table[0]).toMatch(/^NAME +STATUS +UPTIME +CPUS +MEMORY +ADDRESS +NOTES$/);
    expect(table[1]).toMatch(/^web +running +(?:\d+ (?:h|min|s) ?)+ +\d .* MiB +\S*\d/);
    expect(table.filter((line) => line.length > 80)).toEqual([]);
    expect(await host.text(["vm", "status", "web"])).not.toMatch(/[[\]{}"]/);
    expect(await host.plan()).toEqual({});
  });

  it("has what its guest writes to the console cut by the next command, and told of until then", async () => {
    const log = join(host.folder, "data/machines/web/console.log");
    const flood = "yes 'a flood of words' | head -n 8000 > /dev/ttyS0; echo the end > /dev/ttyS0";
    await host.apply({ web: await microMachine("", { ...declared, console_log_size: "64K" }) });
    await inside(flood);
    const [web] = await lines<{ warnings: string[] }>(["vm", "list"]);
    expect(web?.warnings.join()).toContain(log);
    expect((await host.run(["doctor"])).stdout.toString()).toContain(log);
    await vm("status", "web");
    expect((await stat(log)).size).toBeLessThan(64 << 10);
    const kept = await readFile(log, "utf8");
    expect(kept).toMatch(/^\[guestkit: the first \d+ bytes of this log were cut\]\n/);
    expect(kept).toContain("the end");
    await inside("echo and on it goes > /dev/ttyS0");
    expect(await readFile(log, "utf8")).toContain("and on it goes");
    expect(await host.plan()).toEqual({});
  });

  it("passes a command's exit code and output on", async () => {
    expect(await host.run(["vm", "exec", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 7"])).toMatchObject({
      exitCode: 7,
      stdout: Buffer.from("out\n"),
      stderr: expect.stringContaining("err"),
    });
    expect(await inside("cat /tmp/steps")).toBe("once\never\n");
  });

  it("shows its screen as a PNG", async () => {
    await host.text(["vm", "screenshot", "web", "screen.png"]);
    const png = await readFile(join(host.folder, "screen.png"));
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    expect(png.readUInt32BE(16)).toBeGreaterThan(300);
    expect(await readdir(host.folder)).not.toContainEqual(expect.stringContaining("guestkit-partial"));
  });

  it("stands still while it is suspended, and goes on", async () => {
    expect(await vm("suspend", "web")).toMatchObject({ changed: true, status: "paused" });
    expect(await vm("suspend", "web")).toMatchObject({ changed: false, status: "paused" });
    expect(await host.run(["vm", "exec", "web", "--", "true"])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("it is paused"),
    });
    expect(await vm("resume", "web")).toMatchObject({ changed: true, status: "running" });
    expect(await vm("resume", "web")).toMatchObject({ changed: false, status: "running" });
    await inside("true");
  });

  it("goes back to a snapshot, memory and disk", async () => {
    const state = "cat /tmp/word; head -c 5 /dev/vda";
    await inside("echo early > /tmp/word; echo early | dd of=/dev/vda conv=notrunc,fsync 2>/dev/null");
    await vm("snapshot take", "web", "before");
    await inside("echo later > /tmp/word; echo later | dd of=/dev/vda conv=notrunc,fsync 2>/dev/null");
    const twice = await refusal(["vm", "snapshot", "take", "web", "before"]);
    expect(twice).toMatchObject({ exitCode: 1, code: "E_SNAPSHOT_EXISTS" });
    expect(await lines(["vm", "snapshot", "list", "web"])).toMatchObject([{ name: "before", memory: true }]);
    expect(await vm("snapshot revert", "web", "before")).toMatchObject({ status: "running" });
    expect(await inside(state)).toBe("early\nearly");
    expect(await host.json(["vm", "status", "web"])).toMatchObject({ agent: true });
    expect(await host.plan()).toEqual({});
  });

  it("goes back to it from standing still, too", async () => {
    expect(await vm("stop", "web")).toMatchObject({ changed: true, status: "stopped", how: "shut down" });
    expect(await vm("stop", "web")).toMatchObject({ changed: false, status: "stopped", how: "not running" });
    expect(await refusal(["vm", "suspend", "web"])).toMatchObject({ exitCode: 1, code: "E_MACHINE_STOPPED" });
    await vm("snapshot take", "web", "still");
    expect(await lines(["vm", "snapshot", "list", "web"])).toMatchObject([
      { name: "before", memory: true },
      { name: "still", memory: false },
    ]);
    expect(await vm("snapshot revert", "web", "before")).toMatchObject({ status: "running" });
    expect(await inside("cat /tmp/word")).toBe("early\n");
    expect(await host.json(["vm", "status", "web"])).toMatchObject({ agent: true });
    expect(await refusal(["vm", "snapshot", "revert", "web", "still"])).toMatchObject({
      code: "E_SNAPSHOT_DISKS_ONLY",
    });
    await vm("snapshot delete", "web", "before");
    await vm("snapshot delete", "web", "still");
    expect(await lines(["vm", "snapshot", "list", "web"])).toEqual([]);
    const unknown = await refusal(["vm", "snapshot", "revert", "web", "before"]);
    expect(unknown).toMatchObject({ exitCode: 1, code: "E_SNAPSHOT_UNKNOWN" });
  });

  it("is restarted, and provisioned with what is always due", async () => {
    const before = (await list())[0]?.pid;
    const after = await vm("restart", "web");
    expect(after).toMatchObject({ changed: true, status: "running" });
    expect(after.pid).not.toBe(before);
    expect(await inside("cat /tmp/steps; ls /tmp/word 2>&1 || true")).toMatch(/^ever\nls: .*No such file/);
    expect(await host.json(["vm", "provision", "web", "--steps", "once"])).toMatchObject({ steps: ["once"] });
    expect(await inside("cat /tmp/steps")).toBe("ever\nonce\n");
  });

  it("is not destroyed while it runs, unless forced; a terminal is asked", async () => {
    expect(await refusal(["vm", "destroy", "web"])).toMatchObject({ exitCode: 1, code: "E_MACHINE_RUNS" });
    expect(await refusal(["vm", "destroy", "--dry-run", "web"])).toMatchObject({ exitCode: 1, code: "E_MACHINE_RUNS" });
    expect((await list())[0]).toMatchObject({ name: "web", status: "running" });
  });

  it("is killed at once, and removed without a trace", async () => {
    expect(await vm("kill", "web")).toMatchObject({ changed: true, status: "stopped", how: "killed" });
    expect(await vm("kill", "web")).toMatchObject({ changed: false, how: "not running" });
    expect(await host.json(["vm", "destroy", "web"])).toMatchObject({ changed: true, removed: true });
    expect(await refusal(["vm", "status", "web"])).toMatchObject({ exitCode: 1, code: "E_MACHINE_UNKNOWN" });
    expect(await traces()).toEqual({ processes: [], files: [] });
  });
});

/** What is left but the empty folders that are every machine's. */
async function traces() {
  const { processes, files } = await host.remains();
  const shared = ["guestkit", "machines", "progress", "systemd", "systemd/user", "systemd/user/default.target.wants"];
  return { processes, files: files.filter((each) => !shared.includes(each)) };
}

describe("a stop", () => {
  it("tells QEMU to quit where the guest is deaf, and kills it where it hears nothing itself", async () => {
    await host.apply({ deaf: bareMachine({ timeouts: { stop: 1, quit: 10 } }) });
    expect(await vm("stop", "deaf")).toMatchObject({ how: "quit" });
    const { pid } = await vm("up", "deaf");
    process.kill(pid ?? 0, "SIGSTOP");
    expect(await vm("stop", "deaf", "--timeout", "1", "--quit-timeout", "1")).toMatchObject({ how: "killed" });
    expect(await statusOf("deaf")).toBe("stopped");
    await host.apply({});
    expect(await traces()).toEqual({ processes: [], files: [] });
  });
});

describe("a declaration", () => {
  it("of a machine that is not to run makes it, and starts nothing", async () => {
    await host.apply({ idle: bareMachine({ running: false }) });
    expect(await list()).toMatchObject([{ name: "idle", status: "stopped", pid: null }]);
    expect(await lines(["vm", "snapshot", "list", "idle"])).toEqual([]);
    expect(await host.plan()).toEqual({});
    await vm("up", "idle");
    await vm("suspend", "idle");
    expect(await host.plan()).toEqual({ "virtual_machine.idle": "update" });
    await host.apply({ idle: bareMachine({ running: false }) });
    expect(await statusOf("idle")).toBe("stopped");
  });

  it("protects a machine from removal and replacement", async () => {
    await host.apply({ idle: bareMachine({ running: false, delete_protection: true }) });
    expect(await refusal(["vm", "destroy", "idle"])).toMatchObject({ exitCode: 1, code: "E_MACHINE_PROTECTED" });
    expect(await host.apply({}, 1)).toContain("it has delete_protection");
    expect(await list()).toHaveLength(1);
    await host.apply({ idle: bareMachine({ running: false }) });
    await host.apply({});
    expect(await list()).toEqual([]);
  });

  it("lets systemd start it, by a unit that goes with it", async () => {
    const bin = join(host.folder, "bin");
    const program = join(bin, "guestkit");
    await run("mkdir", ["-p", bin]);
    const script = `#!/bin/sh\nexec "${GUESTKIT.join('" "')}" "$@"\n`;
    await writeFile(program, script, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    await host.declare({ auto: bareMachine({ autostart: true }) });
    const applied = await host.run(["apply", "--auto-approve"], { env });
    expect(applied.stderr, applied.stderr).not.toContain("Cannot");
    expect((await host.run(["plan"], { env })).stdout.toString()).toContain("No changes");
    const unit = join(host.folder, "config/systemd/user/guestkit-auto.service");
    await run("systemd-analyze", ["verify", "--user", unit], { XDG_RUNTIME_DIR: host.folder });
    const text = await readFile(unit, "utf8");
    await vm("kill", "auto");
    await run("sh", ["-c", `${unitEnvironment(text)} ${commandOf(text, "ExecStart")}`]);
    expect(await statusOf("auto")).toBe("running");
    await run("sh", ["-c", `${unitEnvironment(text)} ${commandOf(text, "ExecStop")}`]);
    expect(await statusOf("auto")).toBe("stopped");
    await vm("destroy", "auto");
    expect(await traces()).toEqual({ processes: [], files: [] });
  });
});

const commandOf = (unit: string, key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(unit)?.[1] ?? "false";
const unitEnvironment = (unit: string) => `env ${/^Environment=(.*)$/m.exec(unit)?.[1]}`;

describe("readiness", () => {
  it("is what is waited for, each in its turn; a failure fails or is kept; a stop presses the power button where no agent answers", async () => {
    const forwards = { ssh: { guest_port: 22 } };
    const networks = { lan: { forwards } };
    const wait_for = [
      { condition: "console", text: "Welcome to guestkit", timeout: PATIENCE },
      { condition: "port", port: 22, timeout: PATIENCE },
      { condition: "console", text: "root@micro", timeout: PATIENCE },
      { condition: "console", text: "never to be seen", timeout: 1 },
    ];
    const machine = await microMachine("micro.hang=agent", { networks, wait_for, on_failure: "keep" });
    const kept = await host.apply({ kept: machine });
    expect(kept).toContain("never to be seen");
    expect(await host.plan()).toEqual({});
    const failing = { ...machine, on_failure: "fail" };
    const failed = await host.apply({ kept: failing }, 1);
    expect(failed).toMatch(/E_MACHINE_NOT_READY|did not show "never to be seen" within 1 s/);
    expect(failed).toContain("The end of its console");
    expect(await host.plan()).toEqual({ "virtual_machine.kept": "update" });
    await host.apply({ kept: { ...machine, wait_for: wait_for.slice(0, 3), on_failure: "fail" } });
    expect(await host.plan()).toEqual({});
    expect(await vm("stop", "kept")).toMatchObject({ how: "shut down" });
    await host.apply({});
    expect(await traces()).toEqual({ processes: [], files: [] });
  });
});
