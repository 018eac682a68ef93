import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareMachine, microMachine } from "../../support/declared.ts";
import { randomFrom } from "../../support/kill-points.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { run } from "../../support/run.ts";

interface Row {
  readonly name: string;
  readonly status: string;
  readonly pid: number | null;
  readonly disposable: boolean;
}

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const SEED = 20261122;
/** In which guestkit is killed; test/slow has more. */
const POINTS = 4;
const disk = join(host.folder, "data.qcow2");
const other = join(host.folder, "other.qcow2");
const shared = join(host.folder, "shared");
let before: readonly string[];
let sum: string;

const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

beforeAll(async () => {
  await mkdir(shared);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", disk, "256M"]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", other, "8M"]);
  await run("qemu-io", ["-f", "qcow2", "-c", "write -P 0x61 0 64k", disk]);
  const { sshKey } = await microGuest();
  const disks = { data: { image: disk } };
  const base = await microMachine("", {
    ...{ running: false, memory: "192M", disks, ssh: { user: "root", private_key: sshKey } },
    wait_for: [{ condition: "ssh", timeout: 240 }],
  });
  await host.apply({ base, bare: bareMachine({ running: false, disks: { data: { image: other } } }) });
  await host.text(["vm", "list"]);
  before = (await host.remains()).files;
  sum = await sha256(disk);
});

async function list(): Promise<readonly Row[]> {
  const text = await host.text(["vm", "list", "--json"]);
  const lines = text.split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Row);
}

async function until<T>(look: () => Promise<T | null | false>): Promise<T> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What is there of machines: processes, files, and what the kernel has of sockets and mounts. */
async function traces() {
  const { processes, files } = await host.remains();
  const kernel = await Promise.all(["/proc/net/unix", "/proc/self/mounts"].map((path) => readFile(path, "utf8")));
  const named = kernel.map((text) => text.split("\n").filter((line) => line.includes(host.folder)));
  return { processes, files, sockets: named[0] ?? [], mounts: named[1] ?? [] };
}

async function expectNothing(what = ""): Promise<void> {
  const { files, ...rest } = await traces();
  expect(rest, what).toEqual({ processes: [], sockets: [], mounts: [] });
  // Folders of sockets that a machine once had may go; nothing comes.
  const isNew = (file: string) => !before.includes(file);
  expect(files.filter(isNew), what).toEqual([]);
  expect(await sha256(disk), what).toBe(sum);
}

describe("disposables", () => {
  it("run side by side without a network, each with disks of its own", async () => {
    const names = ["alpha", "beta"];
    const script = (name: string, code: number) =>
      `ls /sys/class/net; echo ${name} | dd of=/dev/vda conv=notrunc,fsync 2>/dev/null; until [ -e /go/now ]; do sleep 0.2; done; head -c 5 /dev/vda; exit ${code}`;
    const all = names.map((name, at) => {
      const options = ["--no-network", "--name", name, "--share", `${shared}:/go:ro`];
      return host.run(["vm", "disposable", ...options, "base", "sh", "-c", script(name, at + 3)]);
    });
    const rows = await until(async () => {
      const found = (await list()).filter(({ disposable, status }) => disposable && status === "running");
      return found.length === names.length && found;
    });
    expect(rows.map(({ name }) => name)).toEqual(names);
    for (const { pid } of rows) {
      const argv = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
      expect(argv.filter((each) => /netdev|virtio-net|hostfwd|^-nic/.test(each))).toEqual([]);
    }
    // What leans on the base keeps it from running, and names are theirs.
    expect(await host.run(["vm", "up", "base"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/alpha.*beta/s),
    });
    expect(
      await host.run(["vm", "disposable", "--lock-timeout", "200", "--name", "alpha", "base", "true"]),
    ).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("there is a machine of that name"),
    });
    expect(await host.run(["vm", "rename", "alpha", "mine"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("it is a disposable"),
    });
    await writeFile(join(shared, "now"), "");
    const ends = await Promise.all(all);
    expect(ends.map(({ exitCode, stdout, stderr }) => [exitCode, stdout.toString(), stderr])).toEqual([
      [3, "lo\nalpha", ""],
      [4, "lo\nbeta\n", ""],
    ]);
    await expectNothing();
  });

  it("run a script with its arguments and streams, over the network of their base", async () => {
    const script = join(host.folder, "script.sh");
    await writeFile(
      script,
      "#!/bin/sh\nls /sys/class/net\necho \"$0 $*\" | sed 's/.*run/run/'\ncat\necho err >&2\nexit 9\n",
    );
    const { exitCode, stdout, stderr } = await host.run(["vm", "disposable-run", "base", script, "one", "--two"], {
      input: "from standard input\n",
    });
    expect({ exitCode, stdout: stdout.toString() }).toEqual({
      exitCode: 9,
      stdout: "eth0\nlo\nrun one --two\nfrom standard input\n",
    });
    expect(stderr).toContain("err");
    await expectNothing();
  });

  it("are ended when they fill more than their quota", async () => {
    // What is piped in without a command is a script.
    const { exitCode, stderr } = await host.run(["vm", "disposable", "--no-network", "--quota", "32M", "base"], {
      input: "dd if=/dev/urandom of=/dev/vda bs=1M; sleep 120\n",
    });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("have reached 32 MiB"),
    });
    await expectNothing();
  });

  it("refuse what is no base, and a base that runs", async () => {
    expect(await host.run(["vm", "disposable", "nothing", "true"])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringMatching(/neither a machine nor an image.*There are the machines bare, base/s),
    });
    expect(await host.run(["vm", "disposable", "--cpus", "many", "base", "true"])).toMatchObject({ exitCode: 64 });
    await host.text(["vm", "up", "bare"]);
    expect(await host.run(["vm", "disposable", "bare", "true"])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("guestkit vm stop bare"),
    });
    await host.text(["vm", "kill", "bare"]);
    before = (await host.remains()).files;
  });
});

describe("a disposable whose command is ended", () => {
  /** One that boots for ever: nothing answers in it. */
  const endless = ["vm", "disposable", "--no-network", "bare", "true"];
  const isUp = async () => (await list()).some(({ disposable, pid }) => disposable && pid !== null);

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("by %s is removed", async (signal) => {
    let kill: (signal: NodeJS.Signals) => void = () => {};
    const onStart = (given: typeof kill) => {
      kill = given;
    };
    const running = host.run(endless, { onStart });
    await until(isUp);
    kill(signal);
    expect(await running).toMatchObject({ exitCode: 130 });
    await expectNothing(signal);
  });

  it("by vm kill from beside leaves nothing, either", async () => {
    const running = host.run([...endless.slice(0, 2), "--name", "victim", ...endless.slice(2)]);
    await until(isUp);
    await host.text(["vm", "kill", "victim"]);
    expect(await running).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("QEMU ended") });
    await expectNothing();
  });

  it("by kill -9 at any point takes its QEMU along, and the next look sweeps the rest", async () => {
    const random = randomFrom(SEED);
    for (let point = 0; point < POINTS; point++) {
      const ms = 250 + 1500 * ((point + random()) / POINTS);
      await host.run(endless, { onStart: (kill) => setTimeout(() => kill("SIGKILL"), ms) });
      const what = `killed after ${Math.round(ms)} ms`;
      await until(async () => (await host.pids()).length === 0);
      expect(
        (await list()).map(({ name }) => name),
        what,
      ).toEqual(["bare", "base"]);
      await expectNothing(what);
    }
  });

  it("is swept with a QEMU that went on", async () => {
    await host.text(["vm", "up", "bare"]);
    const [bare] = await list();
    const mark = {
      format_version: 1,
      owner: { pid: bare?.pid, tag: "00000000" },
      base: "x",
      quota: 1e9,
      file_limit: 1e9,
    };
    await writeFile(join(host.folder, "data/machines/bare/disposable.json"), JSON.stringify(mark));
    expect((await list()).map(({ name }) => name)).toEqual(["base"]);
    expect(await host.pids()).toEqual([]);
    const { files } = await host.remains();
    expect(files.filter((each) => /bare|m-[0-9a-f]+/.test(each))).toEqual([]);
  });
});
