import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { bareMachine, microMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

interface Info {
  readonly status: string;
  readonly pid: number | null;
  readonly memory: number;
  readonly forwards: readonly { name: string; host_port: number; guest_port: number }[];
}

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const info = (name = "vm") => host.json<Info>(["vm", "status", name]);
const folderOf = (name = "vm") => join(host.folder, "data/machines", name);
const readRun = async (name = "vm") =>
  JSON.parse(await readFile(join(folderOf(name), "run.json"), "utf8")) as {
    qemu: { pid: number; tag: string } | null;
    program: string;
    argv: string[];
  };

/** Applies a change, which it announces as this action, once: the plan after it is empty. */
async function converge(machine: ValueObject, action: string, says: RegExp = /./): Promise<string> {
  const said = await host.apply({ vm: machine });
  expect(said).toContain(`virtual_machine.vm: ${action}d`);
  expect(said).toMatch(says);
  expect(await host.plan(), said).toEqual({});
  return said;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

const opens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== null));
    socket.once("error", () => resolve(false));
  });

beforeAll(async () => {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", join(host.folder, "data.qcow2"), "32M"]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", join(host.folder, "other.qcow2"), "32M"]);
  await mkdir(join(host.folder, "cd"));
  for (const name of ["one", "two"]) await writeFile(join(host.folder, `${name}.iso`), new Uint8Array(2 ** 16));
});

const disks = (more: ValueObject = {}) => ({ disks: { data: { image: "data.qcow2", overlay: true, ...more } } });
const lan = (forwards: ValueObject) => ({ networks: { lan: { forwards } } });

describe("a change of the declaration", () => {
  it("is made in place where QEMU can", async () => {
    const [first, second] = [await freePort(), await freePort()];
    const ssh = { guest_port: 22 };
    const base = { ...disks(), cdroms: { cd: { image: "one.iso" } } };
    await host.apply({ vm: bareMachine({ ...base, ...lan({ ssh, web: { guest_port: 80, host_port: first } }) }) });
    const { pid, forwards } = await info();
    expect(await opens(first)).toBe(true);

    await converge(bareMachine({ ...base, ...lan({ ssh, web: { guest_port: 80, host_port: second } }) }), "update");
    expect([await opens(first), await opens(second)]).toEqual([false, true]);
    await converge(bareMachine({ ...base, ...lan({ ssh, dns: { guest_port: 53, protocol: "udp" } }) }), "update");
    expect(await opens(second)).toBe(false);
    expect((await info()).forwards.find(({ name }) => name === "ssh")).toEqual(
      forwards.find(({ name }) => name === "ssh"),
    );

    const networks = lan({ ssh });
    const changed = { ...base, ...networks, cdroms: { cd: { image: "two.iso" } }, labels: { role: "test" } };
    await converge(bareMachine({ ...changed, balloon: "32M" }), "update");
    await converge(bareMachine({ ...changed, cdroms: { cd: {} } }), "update");
    await converge(bareMachine({ ...changed, ...disks({ size: "48M" }) }), "update");
    expect((await info()).pid).toBe(pid);
    const stdout = await run("qemu-img", ["info", "-U", "--output=json", join(folderOf(), "disks/data.qcow2")]);
    expect(JSON.parse(String(stdout))).toMatchObject({ "virtual-size": 48 * 2 ** 20 });
    expect(await host.apply({ vm: bareMachine({ ...changed, ...disks({ size: "40M" }) }) }, 1)).toMatch(/shrink/i);
  });

  it("is made by a restart that the plan announces, and by replacement", async () => {
    const { pid } = await info();
    const base = { ...disks({ size: "48M" }), ...lan({ ssh: { guest_port: 22 } }) };
    await host.declare({ vm: bareMachine({ ...base, memory: "80MB", cpus: 2 }) });
    const planned = await host.run(["plan"]);
    expect(planned.stdout.toString() + planned.stderr).toMatch(/restart/i);
    await converge(bareMachine({ ...base, memory: "80MB", cpus: 2 }), "update");
    expect(await info()).toMatchObject({ status: "running", memory: Math.ceil(80e6 / 8192) * 8192, cpus: 2 });
    expect((await info()).pid).not.toBe(pid);
    await converge(bareMachine({ ...disks({ image: "other.qcow2" }) }), "replace", /copy of disks.data is thrown away/);
  });

  it("is made while the machine stands still", async () => {
    await converge(bareMachine({ ...disks({ image: "other.qcow2" }), running: false }), "update");
    const grown = { ...disks({ image: "other.qcow2", size: "64M" }), running: false, memory: "96M" };
    await converge(bareMachine(grown), "update");
    expect(await info()).toMatchObject({ status: "stopped", pid: null });
    await converge(bareMachine({ ...grown, running: true }), "update");
    expect(await info()).toMatchObject({ status: "running", memory: 96 * 2 ** 20 });
    await host.apply({});
  });

  it("is made in place in the network that nobody declared", async () => {
    const forwards = { ssh: { guest_port: 22 }, web: { guest_port: 80, host_port: await freePort() } };
    await host.apply({ vm: bareMachine({}) });
    const { pid } = await info();
    await converge(bareMachine({ networks: { default: { forwards } } }), "update");
    expect(await opens(forwards.web.host_port)).toBe(true);
    await converge(bareMachine({}), "update");
    expect([await opens(forwards.web.host_port), (await info()).pid]).toEqual([false, pid]);
    await host.apply({});
  });

  it("makes to its end one that is not to run and was cut off", async () => {
    const machine = bareMachine({ running: false, cloud_init: { hostname: "one" } });
    await host.apply({ cut: machine });
    const folder = folderOf("cut");
    const record = join(folder, ".machine.guestkit.json");
    await writeFile(record, (await readFile(record, "utf8")).replace('"ready": true', '"ready": false'));
    const parts = ["ssh_key", "seed.iso"].map((name) => join(folder, name));
    for (const part of parts) {
      await rm(part);
      await host.declare({ cut: machine });
      expect(await host.plan()).toEqual({ "virtual_machine.cut": "update" });
      await host.apply({ cut: machine });
      expect(await host.plan()).toEqual({});
      expect((await readFile(part)).length).toBeGreaterThan(0);
    }
    await host.apply({});
  });

  it("is seen by the guest", async () => {
    const machine = await microMachine("", { ...disks(), memory: "256M", cdroms: { cd: { image: "one.iso" } } });
    await host.apply({ vm: machine });
    await host.apply({ vm: { ...machine, ...disks({ size: "64M" }), cdroms: { cd: { image: "two.iso" } } } });
    const sizes = "blockdev --getsize64 /dev/vda";
    const seen = await host.text(["vm", "exec", "--via", "agent", "vm", "--", "sh", "-c", sizes]);
    expect(seen.trim()).toBe(String(64 * 2 ** 20));
    await host.text(["vm", "kill", "vm"]);
    await host.apply({});
  });
});

describe("a machine that was changed by hand", () => {
  const machine = bareMachine({ ...disks(), ...lan({ ssh: { guest_port: 22 } }) });
  const mended = () => converge(machine, "update");

  beforeAll(() => host.apply({ vm: machine }));

  it("is brought up again after kill -9 of QEMU", async () => {
    process.kill((await info()).pid ?? 0, "SIGKILL");
    await until(async () => (await info()).status === "crashed");
    await mended();
  });

  it("is brought up again after a stop, and let go on after a pause", async () => {
    await host.text(["vm", "stop", "vm"]);
    await mended();
    const { pid } = await info();
    await host.text(["vm", "suspend", "vm"]);
    await mended();
    expect((await info()).pid).toBe(pid);
  });

  it("is restarted where somebody started it with another memory size", async () => {
    const { program, argv } = await readRun();
    const before = await info();
    await host.text(["vm", "kill", "vm"]);
    await startByHand(program, argv, "96M");
    expect(await info()).toMatchObject({ status: "running", memory: 96 * 2 ** 20 });
    expect((await info()).forwards[0]?.host_port).toBe(before.forwards[0]?.host_port);
    await mended();
    expect(await info()).toMatchObject({ memory: 64 * 2 ** 20, forwards: before.forwards });
    expect((await host.remains()).processes).toHaveLength(1);
  });

  it("is taken as it is where somebody started it as declared", async () => {
    const { program, argv } = await readRun();
    await host.text(["vm", "kill", "vm"]);
    await startByHand(program, argv, null);
    expect(await host.plan()).toEqual({});
    const web = await freePort();
    await converge(
      bareMachine({ ...disks(), ...lan({ ssh: { guest_port: 22 }, web: { guest_port: 80, host_port: web } }) }),
      "update",
    );
    expect(await opens(web)).toBe(true);
    await mended();
    expect(await opens(web)).toBe(false);
  });

  it("is not taken for a process that has its number", async () => {
    const { pid } = await info();
    const path = join(folderOf(), "run.json");
    const written = JSON.parse(await readFile(path, "utf8")) as ValueObject;
    await writeFile(path, JSON.stringify({ ...written, qemu: { pid: process.pid, tag: "00000000" } }));
    // QEMU runs, and is found by what it holds.
    expect(await info()).toMatchObject({ status: "running", pid });
    expect(await host.plan()).toEqual({});
    process.kill(pid ?? 0, "SIGKILL");
    await until(async () => (await info()).status !== "running");
    await host.text(["vm", "kill", "vm"]);
    await mended();
  });

  it("is adopted after a start that was cut off", async () => {
    const { pid } = await info();
    const path = join(folderOf(), "run.json");
    const written = JSON.parse(await readFile(path, "utf8")) as ValueObject;
    await writeFile(path, JSON.stringify({ ...written, qemu: null, ready: false }));
    await mended();
    expect((await info()).pid).toBe(pid);
    await rm(path);
    expect(await info()).toMatchObject({ status: "running", pid });
    await host.text(["vm", "kill", "vm"]);
    await writeFile(path, JSON.stringify({ ...written, qemu: null, ready: false }));
    await mended();
  });

  it("starts beside another tool's stale sockets", async () => {
    const { argv } = await readRun();
    const sockets = /path=([^,]*)\/qmp\.sock/.exec(argv.join(" "))?.[1] ?? "";
    await host.text(["vm", "stop", "vm"]);
    await mkdir(sockets, { recursive: true, mode: 0o700 });
    await writeFile(join(sockets, "qmp.sock"), "");
    await mended();
  });

  it("is replaced where its overlay is gone, and given its seed again", async () => {
    await host.text(["vm", "stop", "vm"]);
    await rm(join(folderOf(), "disks/data.qcow2"));
    await converge(machine, "replace");
    const seeded = { ...machine, cloud_init: { user_data: "#cloud-config\n{}\n" } };
    await converge(seeded, "update");
    await rm(join(folderOf(), "seed.iso"));
    await converge(seeded, "update");
    expect((await readFile(join(folderOf(), "seed.iso"))).length).toBeGreaterThan(0);
    await host.apply({});
    const { processes, files } = await host.remains();
    expect({ processes, files: files.filter((each) => /m-|machines\//.test(each)) }).toEqual({
      processes: [],
      files: [],
    });
  });
});

/** QEMU as a user would start it from the command line that guestkit shows. */
async function startByHand(program: string, argv: readonly string[], memory: string | null): Promise<void> {
  const sockets = /path=([^,]*)\/qmp\.sock/.exec(argv.join(" "))?.[1] ?? "";
  await mkdir(sockets, { recursive: true, mode: 0o700 });
  const args = argv.map((each, index) => (memory !== null && argv[index - 1] === "-m" ? memory : each));
  spawn(program, args, { detached: true, stdio: "ignore" }).unref();
  await until(async () => (await info()).status === "running");
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
