import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bareMachine } from "../../support/declared.ts";
import { repository } from "../../support/engines.ts";
import { randomFrom } from "../../support/kill-points.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const POINTS = 10;
/** Until then a command line is being read, and nothing has been done (ms). */
const START = 150;
const random = randomFrom(Number(process.env.GUESTKIT_SEED ?? 5));
const env = { PATH: `${join(repository, "scripts")}:${process.env.PATH}` };

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());
beforeAll(async () => {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", join(host.folder, "base.qcow2"), "8M"]);
});

const vm = (...args: string[]) => host.run(["vm", ...args, "--json"], { env });
const answer = async (...args: string[]) =>
  JSON.parse((await vm(...args)).stdout.toString()) as Record<string, unknown>;
const disks = { root: { image: "base.qcow2", overlay: true } };

/** Kills the verb at random points within the time that it takes; gives how often it was still at work. */
async function killed(ms: number, ...args: string[]): Promise<boolean> {
  const { exitCode } = await host.run(["vm", ...args], {
    env,
    onStart: (kill) => setTimeout(() => kill("SIGKILL"), START + random() * ms),
  });
  return exitCode === -1;
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started - START;
}

const names = async () => (await readdir(join(host.folder, "data/machines"))).filter((name) => !name.startsWith("."));
const leftovers = async () => (await host.remains()).files.filter((each) => /guestkit-(partial|lock)/.test(each));

it("vm rename: killed at any point, the machine is there under one name, and the same once more ends it", async () => {
  await host.declare({ a: bareMachine({ disks, autostart: true, running: false }) });
  expect((await host.run(["apply", "--auto-approve"], { env })).exitCode).toBe(0);
  let [from, to] = ["a", "b"];
  const pins = (name: string) => join(host.folder, "data/machines", name, "known_hosts");
  await writeFile(pins(from), `${from} ssh-ed25519 AAAA\n`);
  let hits = 0;
  const whole = await timeOf(() => vm("rename", from, to));
  for (let point = 0; point < POINTS; point++) {
    [from, to] = [to, from];
    if (await killed(whole, "rename", from, to)) hits++;
    const found = await names();
    expect(found).toHaveLength(1);
    // Whichever name it has, it is a whole machine.
    expect(await answer("status", String(found[0]))).toMatchObject({ status: "stopped" });
    expect((await vm("rename", from, to)).exitCode, `point ${point}`).toBe(0);
    expect(await names()).toEqual([to]);
    expect(await readFile(pins(to), "utf8")).toBe(`${to} ssh-ed25519 AAAA\n`);
    const units = (await readdir(join(host.folder, "config/systemd/user"))).filter((name) => name.endsWith(".service"));
    expect(units).toEqual([`guestkit-${to}.service`]);
    expect(await leftovers()).toEqual([]);
  }
  console.log(`${hits} of ${POINTS} while it was at work`);
  await vm("destroy", to);
});

it("vm recycle: killed at any point, the same once more, or an apply, brings it up as new", async () => {
  await mkdir(join(host.folder, ".guestkit"), { recursive: true });
  const machine = { r: bareMachine({ disks, networks: {} }) };
  await host.declare(machine);
  expect((await host.run(["apply", "--auto-approve"], { env })).exitCode).toBe(0);
  const overlay = join(host.folder, "data/machines/r/disks/root.qcow2");
  const mark = () => run("qemu-io", ["-f", "qcow2", "-c", "write -q -P 7 0 512", overlay]);
  // qemu-io fails where it reads anything else.
  const isMarked = () =>
    run("qemu-io", ["-U", "-r", "-f", "qcow2", "-c", "read -P 7 0 512", overlay]).then(
      () => true,
      () => false,
    );
  let hits = 0;
  const whole = await timeOf(() => vm("recycle", "r"));
  for (let point = 0; point < POINTS; point++) {
    await vm("stop", "r");
    await mark();
    expect(await isMarked()).toBe(true);
    if (await killed(whole, "recycle", "r")) hits++;
    if (point % 3 === 2) await host.apply(machine);
    else expect(await answer("recycle", "r"), `point ${point}`).toMatchObject({ status: "running" });
    if (point % 3 !== 2) expect(await isMarked(), `point ${point}`).toBe(false);
    expect(await host.plan(), `point ${point}`).toEqual({});
    expect((await host.remains()).processes).toHaveLength(1);
    expect(await leftovers()).toEqual([]);
  }
  console.log(`${hits} of ${POINTS} while it was at work`);
});
