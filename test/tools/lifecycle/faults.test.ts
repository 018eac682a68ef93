import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { GUESTKIT } from "../../support/cli.ts";
import { bareMachine, microMachine, PATIENCE } from "../../support/declared.ts";
import { killAndRerun, measure, randomFrom } from "../../support/kill-points.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

interface Info {
  readonly status: string;
  readonly pid: number | null;
}

const info = (name = "vm") => host.json<Info>(["vm", "status", name]);
const image = (name: string) => join(host.folder, `${name}.qcow2`);
const overlay = { disks: { data: { image: "base.qcow2", overlay: true } } };
/** Something that a guest without a system never says. */
const never = (timeout: number) => ({ wait_for: [{ condition: "console", text: "never", timeout }] });

beforeAll(async () => {
  for (const name of ["base", "shared"]) await run("qemu-img", ["create", "-q", "-f", "qcow2", image(name), "8M"]);
});

async function until<T>(look: () => Promise<T | null | false>): Promise<T> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (performance.now() > deadline) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** QEMU has answered; before that, its end is told as a start that failed. */
async function hasStarted(): Promise<{ readonly pid: number } | null> {
  const record = await readFile(join(host.folder, "data/machines/vm/run.json"), "utf8");
  return (JSON.parse(record) as { qemu: { pid: number } | null }).qemu;
}

/** A sound declaration puts right whatever a failure left; then nothing remains. */
async function recovers(machine: ValueObject = bareMachine(overlay)): Promise<void> {
  await host.apply({ vm: machine });
  expect(await host.plan()).toEqual({});
  expect((await host.remains()).processes).toHaveLength(1);
  await host.apply({});
  await expectNothing();
}

async function expectNothing(): Promise<void> {
  const { processes, files } = await host.remains();
  expect({ processes, files: files.filter((each) => /m-|machines\/|progress\/|guestkit-/.test(each)) }).toEqual({
    processes: [],
    files: [],
  });
}

/** The same as `host.run`, in a mount namespace where `prepare` has been run. */
async function within(prepare: string, args: readonly string[]): Promise<{ exitCode: number; stderr: string }> {
  const script = `${prepare} && exec "$@"`;
  const command = ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", ...GUESTKIT, ...args];
  const child = spawn("unshare", command, { cwd: host.folder, env: { ...process.env, ...host.env } });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [exitCode] = (await once(child, "close")) as [number];
  return { exitCode, stderr };
}

describe("a boot that fails", () => {
  it("tells of QEMU's death, and is done again", async () => {
    const machine = bareMachine({ ...overlay, ...never(600) });
    const failing = host.apply({ vm: machine }, 1);
    const { pid } = await until(hasStarted);
    // A machine that another command waits for is told of, and killed, at once.
    process.kill(pid, "SIGKILL");
    expect(await failing).toMatch(/QEMU ended while "never" on the console was waited for/);
    expect(await host.plan()).toEqual({ "virtual_machine.vm": "update" });
    await recovers();
  });

  it("tells of a kernel's panic with the end of the console, and of a guest that never answers", async () => {
    const panicking = await host.apply({ vm: await microMachine("micro.panic") }, 1);
    expect(panicking).toContain("its kernel panicked");
    expect(panicking).toContain("The end of its console");
    expect(panicking).toContain("sysrq");
    expect((await info()).status).toBe("panicked");
    expect(await host.run(["vm", "up", "vm"])).toMatchObject({
      stderr: expect.stringContaining("guestkit vm kill vm"),
    });
    const deaf = bareMachine({ wait_for: [{ condition: "agent", timeout: 2 }] });
    const silent = await host.apply({ vm: deaf }, 1);
    expect(silent).toMatch(/its guest agent did not answer within 2 s/);
    await recovers(bareMachine());
  });

  it("ends a vm up that waits, by vm kill from beside", async () => {
    await host.apply({ vm: bareMachine({ ...never(600), running: false }) });
    const waiting = host.run(["vm", "up", "vm"]);
    await until(async () => (await info()).status === "running");
    await host.text(["vm", "kill", "vm"]);
    expect(await waiting).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("QEMU ended") });
    await recovers();
  });
});

describe("a host that refuses", () => {
  it("a port names who has it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const machine = bareMachine({ networks: { lan: { forwards: { web: { guest_port: 80, host_port: port } } } } });
    const refused = await host.apply({ vm: machine }, 1);
    expect(refused).toMatch(new RegExp(`port ${port} of 127.0.0.1 is taken by process ${process.pid}`));
    await expectNothing();
    server.close();
    await recovers(machine);
  });

  it("an image that another machine writes to names that machine", async () => {
    const shared = { disks: { data: { image: "shared.qcow2" } } };
    const [one, two] = [bareMachine(shared), bareMachine(shared)];
    const refused = await host.apply({ one, two }, 1);
    expect(refused).toMatch(/shared.qcow2": machine "(one|two)"( \(process \d+\))? has it open/);
    await host.apply({});
    await expectNothing();
  });

  it("an image that another process holds is told, with the file", async () => {
    const holder = spawn("qemu-io", ["-f", "qcow2", image("shared")], { stdio: ["pipe", "pipe", "ignore"] });
    await once(holder.stdout, "data");
    const machine = bareMachine({ disks: { data: { image: "shared.qcow2" } } });
    expect(await host.apply({ vm: machine }, 1)).toMatch(/shared.qcow2".*has it open/);
    holder.kill();
    await once(holder, "close");
    await expectNothing();
    await recovers(machine);
  });

  it("room on its disk leaves nothing half-made", async () => {
    await host.declare({ vm: bareMachine(overlay) });
    const data = join(host.folder, "data");
    const small = `mkdir -p "${data}" && mount -t tmpfs -o size=64k t "${data}" && dd if=/dev/zero of="${data}/full" bs=1k count=56 2>/dev/null`;
    const { exitCode, stderr } = await within(small, ["apply", "--auto-approve"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/no space left|ENOSPC/i) });
    await until(async () => (await host.remains()).processes.length === 0);
    await recovers();
  });

  it("UEFI where no firmware is installed", async () => {
    await host.declare({ vm: bareMachine({ firmware: "uefi" }) });
    const folders = ["/usr/share/OVMF", "/usr/share/qemu/firmware", "/usr/share/ovmf"];
    const hide = folders.map((each) => `{ ! [ -d ${each} ] || mount -t tmpfs t ${each}; }`).join(" && ");
    const { exitCode, stderr } = await within(hide, ["apply", "--auto-approve"]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/apt-get install ovmf|ovmf/i),
    });
    await expectNothing();
  });
});

describe("a clock", () => {
  it("that jumps shortens and lengthens no wait", async () => {
    const jumps = join(host.folder, "jumps.mjs");
    await writeFile(
      jumps,
      "const now = Date.now; let calls = 0; Date.now = () => now() + (calls++ % 2 ? 1 : -1) * 86_400_000;",
    );
    await host.declare({ vm: bareMachine({ ...overlay, ...never(3) }) });
    const started = performance.now();
    const { exitCode, stderr } = await host.run(["apply", "--auto-approve"], {
      env: { NODE_OPTIONS: `--import=${jumps}` },
    });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("within 3 s") });
    expect(performance.now() - started).toBeGreaterThan(3_000);
    await recovers();
  });

  it("of the wall is asked by nothing that waits", async () => {
    for (const folder of [
      "core/machine",
      "core/qemu",
      "core/seed",
      "core/communicator",
      "core/share",
      "core/preflight",
      "core/lifecycle",
      "core/disposable",
      "core/resource/virtual-machine",
      "core/resource/machine-verbs",
      "core/host",
      "core/kit",
      "core/source",
    ]) {
      const root = join(import.meta.dirname, "../../..", folder);
      const names = (await readdir(root, { recursive: true })).filter((each) => each.endsWith(".ts"));
      for (const name of names.filter((each) => !TELL_THE_DATE.includes(each))) {
        expect(await readFile(join(root, name), "utf8"), join(folder, name)).not.toMatch(/Date\.now|new Date\(\)/);
      }
    }
  });
});

/** When a figure was taken, how old a database or a file of the cache is. */
const TELL_THE_DATE = ["usage/usage.ts", "clean/signatures.ts", "prune.ts"];

describe("commands at once", () => {
  it("on one machine are ordered", async () => {
    await host.apply({ vm: bareMachine({ ...overlay, timeouts: { stop: 0, quit: 10 } }) });
    const verbs = [["restart"], ["up"], ["restart"], ["suspend"], ["up"]];
    const all = await Promise.all(verbs.map(([verb = ""]) => host.run(["vm", verb, "vm"])));
    for (const { exitCode, stderr } of all) expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect((await host.remains()).processes).toHaveLength(1);
    await recovers(bareMachine(overlay));
  });
});

describe("kill -9 of guestkit", () => {
  it("at any point leaves what the same apply brings to its end", async () => {
    const wait_for = [{ condition: "none", timeout: PATIENCE }];
    const machine = (more: ValueObject = {}) =>
      bareMachine({ ...overlay, wait_for, timeouts: { stop: 0, quit: 10 }, ...more });
    const up = { name: "up", from: {}, to: { vm: machine() } };
    const change = { name: "change", from: { vm: machine() }, to: { vm: machine({ memory: "80M" }) } };
    const destroy = { name: "destroy", from: { vm: machine() }, to: {} };
    const random = randomFrom(20261122);
    for (const crossing of [up, change, destroy]) {
      const whole = await measure(host, crossing);
      for (const half of [0, 0.5]) await killAndRerun(host, crossing, whole * (0.2 + 0.8 * (half + random() / 2)));
    }
    // What the last one wrote of its progress goes with the next piece of work, and an apply of nothing is none.
    await recovers(bareMachine(overlay));
  });
});
