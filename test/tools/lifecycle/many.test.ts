import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineFolder } from "../../../core/machine/folder.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { connectQmp } from "../../../core/qemu/qmp/index.ts";
import { bareMachine, microMachine } from "../../support/declared.ts";
import { HANG_MS } from "../../support/hang.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { run } from "../../support/run.ts";

interface Result {
  readonly name: string;
  readonly outcome: string;
  readonly ok: boolean;
  readonly exit_code: number | null;
  readonly duration: number;
  readonly output: { readonly stdout: string } | null;
  readonly error: { readonly code: string } | null;
}

const NAMES = ["five", "four", "one", "six", "three", "two"];
const MIB = 1 << 20;
const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

/** What each machine came to, by name. */
async function foreach(args: readonly string[], code: number): Promise<Readonly<Record<string, Result>>> {
  const results = objects<Result>(await host.text(["vm", "foreach", "--json", ...args], code));
  return Object.fromEntries(results.map((each) => [each.name, each]));
}

function objects<T>(lines: string): T[] {
  const whole = lines.split("\n").filter(Boolean);
  return whole.map((line) => JSON.parse(line) as T);
}

/** A command of which the output is followed. */
function watch(args: readonly string[]) {
  let text = "";
  let kill: (signal: NodeJS.Signals) => void = () => {};
  const onStart = (by: typeof kill) => {
    kill = by;
  };
  const onStdout = (all: string) => {
    text = all;
  };
  const ended = host.run(args, { onStart, onStdout });
  const printed = async (enough: (text: string) => boolean) => {
    while (!enough(text)) await sleep(50);
  };
  return { ended, printed, text: () => text, kill: (signal: NodeJS.Signals) => kill(signal) };
}

function socket(name: string, which: string): string {
  const settings = {
    dataDir: join(host.folder, "data"),
    runtimeDir: join(host.folder, "run"),
    cacheDir: "",
    mirror: null,
  };
  return machineFolder(name, settings).socket(which);
}

/** What rpc answers to one request. */
async function rpc<T>(method: string, params: object): Promise<T> {
  const initialize = { protocol: 1, client: { name: "test", version: "1" } };
  const lines = [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: initialize },
    { jsonrpc: "2.0", id: 2, method, params },
  ];
  const { stdout } = await host.run(["rpc"], { input: lines.map((each) => `${JSON.stringify(each)}\n`).join("") });
  const answers = objects<{ id?: number; result?: T; error?: unknown }>(stdout.toString());
  const answer = answers.find(({ id }) => id === 2);
  if (answer?.result === undefined) throw new Error(JSON.stringify(answer?.error));
  return answer.result;
}

async function pidOf(name: string): Promise<number> {
  const { qemu } = JSON.parse(await readFile(join(host.folder, "data/machines", name, "run.json"), "utf8"));
  return (qemu as { pid: number }).pid;
}

beforeAll(async () => {
  await run("qemu-img", ["create", "-q", "-f", "raw", join(host.folder, "data.raw"), "64M"]);
  const { sshKey } = await microGuest();
  const micro = async (role: string, more: ValueObject = {}) =>
    await microMachine("", { running: false, memory: "192M", labels: { role }, preflight: "off", ...more });
  await host.apply({
    one: await micro("web", {
      cpus: 2,
      disks: { data: { image: "data.raw" } },
      ssh: { user: "root", private_key: sshKey },
    }),
    two: await micro("web"),
    three: await micro("db"),
    four: await micro("db"),
    // With nothing to boot it is up at once, and hangs as well as any.
    five: bareMachine({ running: false, labels: { role: "db" } }),
    six: await micro("mail", { kernel: "/dev/null" }),
  });
});

describe("one thing with each of six machines", () => {
  it("tells what would be, and changes nothing", async () => {
    const text = await host.text(["vm", "foreach", "--dry-run", "--label", "role=d*", "up"]);
    expect(text).toMatch(/^four: up would be done, .*\(stopped -> running\)$/m);
    expect(text).toMatch(/^3 machines: 3 done, 3 changed$/m);
    expect((await host.remains()).processes).toEqual([]);
  });

  it("starts them, and tells of the one that cannot be", async () => {
    const { six, ...others } = await foreach(["--parallel", "3", "up"], 1);
    expect(six).toMatchObject({ outcome: "failed", ok: false, exit_code: 1 });
    expect(Object.keys(others).toSorted()).toEqual(NAMES.filter((name) => name !== "six"));
    for (const each of Object.values(others)) expect(each).toMatchObject({ outcome: "done", exit_code: 0 });
  });

  it("is done with the others where one fails, one hangs and one stands still", async () => {
    process.kill(await pidOf("five"), "SIGSTOP");
    try {
      const script = 'echo "{name} $(uname -s)"; case {name} in three) exit 3 ;; four) sleep 1000 ;; esac';
      const started = performance.now();
      const args = ["--timeout", "10", "--parallel", "6", "exec", "--", "--via", "agent", "sh", "-c", script];
      const all = await foreach(args, 1);
      expect(performance.now() - started).toBeLessThan(HANG_MS);
      expect(Object.keys(all).toSorted()).toEqual(NAMES);
      for (const name of ["one", "two"]) {
        expect(all[name]).toMatchObject({ outcome: "done", exit_code: 0, output: { stdout: `${name} Linux\n` } });
      }
      expect(all.three).toMatchObject({ outcome: "failed", exit_code: 3, output: { stdout: "three Linux\n" } });
      expect(all.four).toMatchObject({ outcome: "timed out", exit_code: 124, error: { code: "E_FOREACH_TIMEOUT" } });
      expect(all.five).toMatchObject({ ok: false });
      expect(all.six).toMatchObject({ outcome: "failed", exit_code: 125, error: { code: "E_MACHINE_STOPPED" } });
    } finally {
      process.kill(await pidOf("five"), "SIGCONT");
    }
  });

  it("reports to people, and stops when it is told to", async () => {
    const args = ["-j", "2", "--select", "t*", "--select", "one", "exec", "--", "--via", "agent"];
    const script = "printf '\\033[31mred %s' {name}; test {name} = one || sleep 1000";
    const watched = watch(["vm", "foreach", ...args, "sh", "-c", script]);
    await watched.printed((text) => text.includes("one | "));
    await sleep(1_000);
    watched.kill("SIGINT");
    const { exitCode, stdout } = await watched.ended;
    expect(exitCode).toBe(130);
    expect(stdout.toString()).toMatch(/^one: exec done, exit code 0, [\d.]+ s\none \| red one$/m);
    expect(stdout.toString()).toMatch(/^3 machines: 1 done, 1 changed, 2 interrupted$/m);
  });

  it("finds them by name, label and state, and says where there is none", async () => {
    const asked = ["--dry-run", "--select", "*", "--label", "role=db", "--status", "running", "stop"];
    expect(Object.keys(await foreach(asked, 0)).toSorted()).toEqual(["five", "four", "three"]);
    expect(await host.run(["vm", "foreach", "--select", "x*", "stop"])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("no machine is selected"),
    });
    expect((await host.run(["vm", "foreach", "--select", "sevn", "stop"])).exitCode).toBe(1);
    expect((await host.run(["vm", "foreach", "fly"])).exitCode).toBe(64);
  });
});

describe("what machines use", () => {
  interface Usage {
    readonly name: string;
    readonly status: string;
    readonly time: string;
    readonly cpu_percent: number | null;
    readonly vcpu_percent: readonly number[];
    readonly memory: number;
    readonly resident_memory: number;
    readonly guest_used_memory: number | null;
    readonly balloon_memory: number;
    readonly disk_write_bytes: number | null;
    readonly network_sent_bytes: number | null;
    readonly network_source: string | null;
  }

  /** What a rate adds up to; each one counts since the last that was known. */
  function total(samples: readonly Usage[], field: "disk_write_bytes" | "network_sent_bytes" | "cpu_percent"): number {
    let before = 0;
    return samples.reduce((sum, each) => {
      const rate = each[field];
      if (rate === null) return sum;
      const now = Date.parse(each.time);
      const seconds = before === 0 ? 0.5 : (now - before) / 1000;
      before = now;
      return sum + rate * seconds;
    }, 0);
  }

  /** Seconds of processor time that QEMU has had, by the kernel. */
  async function cpuSeconds(pid: number): Promise<number> {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  it("is measured as the kernel, dd and ssh count it", async () => {
    const pid = await pidOf("one");
    const before = await cpuSeconds(pid);
    const top = watch(["vm", "top", "one", "--json", "--interval", "0.5"]);
    await top.printed((text) => text.includes("\n"));
    const writing = "dd if=/dev/zero of=/dev/vda bs=1M count=32 conv=fsync 2>/dev/null";
    const sent = await host.run(["vm", "ssh", "one", `${writing}; dd if=/dev/zero bs=1M count=12 2>/dev/null`]);
    expect(sent).toMatchObject({ exitCode: 0 });
    expect(sent.stdout.length).toBe(12 * MIB);
    const lines = top.text().split("\n").length;
    // What the guest says of its network may come one sample later.
    await top.printed((text) => text.split("\n").length > lines + 2);
    top.kill("SIGINT");
    const { exitCode, stdout } = await top.ended;
    const used = (await cpuSeconds(pid)) - before;
    expect(exitCode).toBe(130);
    const samples = objects<Usage>(stdout.toString());
    expect(samples.length).toBeGreaterThan(5);
    // What is written at once falls into one or two samples, whose times a busy host tells to a part of an interval: a unit
    // taken for another is told all the same.
    expect(total(samples, "disk_write_bytes") / (32 * MIB)).toBeGreaterThan(0.35);
    expect(total(samples, "disk_write_bytes") / (32 * MIB)).toBeLessThan(3);
    expect(total(samples, "network_sent_bytes") / (12 * MIB)).toBeGreaterThan(0.35);
    expect(total(samples, "network_sent_bytes") / (12 * MIB)).toBeLessThan(3);
    // It began a little later, and ended a little sooner: on a busy host by more.
    expect(total(samples, "cpu_percent") / 100 / used).toBeGreaterThan(0.35);
    expect(total(samples, "cpu_percent") / 100 / used).toBeLessThan(3);
    const last = samples.at(-1);
    expect(last).toMatchObject({ name: "one", status: "running", memory: 192 * MIB, network_source: "guest" });
    expect(last?.vcpu_percent).toHaveLength(2);
    expect(last?.balloon_memory).toBe(192 * MIB);
    expect(last?.guest_used_memory).toBeGreaterThan(8 * MIB);
    expect(last?.guest_used_memory).toBeLessThan(192 * MIB);
    expect(last?.resident_memory).toBeGreaterThan(64 * MIB);
    // The guest is left alone again.
    await using qmp = await connectQmp(socket("one", "qmp"));
    const interval = { path: "/machine/peripheral/balloon", property: "guest-stats-polling-interval" };
    expect(await qmp.execute("qom-get", interval)).toBe(0);
  });

  it("is shown within a bound where QEMU stands still", async () => {
    const pid = await pidOf("two");
    process.kill(pid, "SIGSTOP");
    try {
      const text = await host.text(["vm", "top", "--once", "--interval", "0.3", "--sort", "name"]);
      expect(text).toMatch(/^NAME +STATUS +%CPU/);
      expect(text).toMatch(/^two +not answering +0\.0 +- /m);
      expect(text).toMatch(/^three +running +\d/m);
      expect(text).not.toMatch(/^six/m);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("is told of a machine that does not run, and refused of one that is not there", async () => {
    expect(await host.text(["vm", "top", "six", "--once", "--interval", "0.1"])).toMatch(/^six +stopped +- +- /m);
    expect((await host.run(["vm", "top", "seven", "--once"])).exitCode).toBe(1);
  });

  it("is told to every other face", async () => {
    const input = { names: ["one", "six"], interval: 0.2 };
    const { output: used } = await rpc<{ output: { machines: readonly Usage[] } }>("query", {
      contract: "vm_usage",
      input,
    });
    expect(used.machines).toMatchObject([
      { name: "one", status: "running" },
      { name: "six", status: "stopped" },
    ]);
    const each = {
      verb: "exec",
      labels: { role: "web" },
      input: { command: '["sh", "-c", "test {name} = one"]', via: "agent" },
    };
    const { changed, output } = await rpc<{ changed: boolean; output: object }>("action", {
      contract: "vm_foreach",
      input: each,
    });
    expect({ changed, ...output }).toMatchObject({ changed: true, ok: false, done: 1, failures: 1, not_started: 0 });
  });

  it("ends them all", async () => {
    const all = await foreach(["--parallel", "6", "kill"], 0);
    expect(Object.keys(all).toSorted()).toEqual(NAMES);
    expect((await host.remains()).processes).toEqual([]);
  });
});
